import type { RunReference } from '@deepstyle/contracts';
import type { Transaction } from '@deepstyle/storage';
import pMap from 'p-map';
import { curate } from './curation.ts';
import { NoDesignsError } from './errors.ts';
import { collectionIdOf } from './identifiers.ts';
import { inOpenRun } from './open-run.ts';
import type { Ports } from './ports.ts';
import {
  type CollectionRecord,
  collectionsById,
  type DesignRecord,
  forgetUnusedObjects,
  noteUnusedObjects,
  runsById,
  saveCollection,
  saveDesigns,
  unusedObjects,
} from './records.ts';
import { renderDesigns } from './rendered-designs.ts';

const CONCURRENT_DELETIONS = 8;

/**
 * The collection of a run: asks the trainer for candidates, chooses among them and stores what is chosen. Done before,
 * it only answers. Returns the collection's id.
 *
 * @throws NoDesignsError where nothing can be chosen; RunChangedError; what the trainer and the object store throw
 */
export async function ensureCollection(
  ports: Ports,
  run: RunReference,
  modelId: string,
): Promise<string> {
  const { database, settings, clock } = ports;
  const id = collectionIdOf(run.id, modelId);
  const known = await database.transaction('gallery.findCollection', (tx) =>
    collectionsById(tx, [id]),
  );
  if (known.length > 0) return id;
  const { candidates, imageKeys } = await renderDesigns(ports, run, modelId);
  const { chosen, memorized } = curate(candidates, settings.designs);
  if (chosen.length === 0) throw new NoDesignsError(modelId, candidates.length, memorized);
  const designs = chosen.map(({ design }) => design);
  const collection = {
    id,
    runId: run.id,
    season: run.season,
    brand: run.brand,
    modelId,
    designCount: designs.length,
    createdAt: clock(),
  };
  await inOpenRun(ports, 'gallery.saveCollection', run, (tx) =>
    storeCollection(tx, ports, { run, collection, designs, imageKeys }),
  );
  return id;
}

/** Deletes the objects of candidates that were not chosen; what a killed process left is deleted the next time. */
export async function sweepUnused(
  { database, objects }: Pick<Ports, 'database' | 'objects'>,
  runId: string,
): Promise<void> {
  const unused = await database.transaction('gallery.findUnused', (tx) => unusedObjects(tx, runId));
  if (unused.length === 0) return;
  await pMap(
    unused.filter(({ isUsed }) => !isUsed),
    ({ objectKey }) => objects.delete(objectKey),
    { concurrency: CONCURRENT_DELETIONS },
  );
  await database.transaction('gallery.forgetUnused', (tx) => forgetUnusedObjects(tx, runId));
}

async function storeCollection(
  tx: Transaction,
  { outbox }: Pick<Ports, 'outbox'>,
  input: {
    readonly run: RunReference;
    readonly collection: CollectionRecord;
    readonly designs: readonly DesignRecord[];
    readonly imageKeys: ReadonlySet<string>;
  },
): Promise<void> {
  const { run, collection, designs, imageKeys } = input;
  await saveDesigns(tx, designs);
  const ids = designs.map(({ id }) => id);
  if (!(await saveCollection(tx, collection, ids))) return;
  const used = new Set(designs.map(({ image }) => image.key));
  await noteUnusedObjects(
    tx,
    run.id,
    [...imageKeys].filter((key) => !used.has(key)),
  );
  const { id: collectionId, modelId } = collection;
  const [record] = await runsById(tx, [run.id]);
  const incomplete = record?.incomplete ?? null;
  await outbox.publish(
    tx,
    'deepstyle.collection.created.v1',
    { run, collectionId, modelId, designs: designs.length, incomplete },
    `collection.created:${collectionId}`,
  );
}
