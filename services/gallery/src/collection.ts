import type { ganTrainerV1, RunReference, ServiceCalls } from '@deepstyle/contracts';
import type { Logger } from '@deepstyle/platform';
import type { ServiceOutbox } from '@deepstyle/service';
import type { Database, ObjectReference, ObjectStore, Transaction } from '@deepstyle/storage';
import { VisionError } from '@deepstyle/vision';
import type { GallerySettings } from './config.ts';
import { type Candidate, curate } from './curation.ts';
import { type DesignLook, designLook } from './design-look.ts';
import { InvalidDesignError, NoDesignsError } from './errors.ts';
import { collectionIdOf, designIdOf, latentSeedOf } from './identifiers.ts';
import { mapConcurrently } from './map-concurrently.ts';
import {
  collectionsById,
  type DesignRecord,
  forgetUnusedObjects,
  noteProgress,
  noteUnusedObjects,
  saveCollection,
  saveDesigns,
  unusedObjects,
} from './records.ts';

export interface CollectionPorts {
  readonly database: Database;
  readonly objects: Pick<ObjectStore, 'get' | 'delete'>;
  readonly outbox: ServiceOutbox;
  readonly calls: Pick<ServiceCalls, 'generateDesigns'>;
  readonly settings: GallerySettings;
  readonly logger: Logger;
  readonly clock: () => Date;
}

const READS_AT_ONCE = 8;
/** Designs between two notes of progress. */
const PROGRESS_EVERY = 16;

type Rendered = Candidate & { readonly design: DesignRecord };

/**
 * The collection of a run: asks the trainer for candidates, chooses among them and stores what is chosen. Done before,
 * it only answers. Returns the collection's id.
 *
 * @throws NoDesignsError where nothing can be chosen; what the trainer and the object store throw
 */
export async function ensureCollection(
  ports: CollectionPorts,
  run: RunReference,
  modelId: string,
): Promise<string> {
  const { database, settings, clock } = ports;
  const id = collectionIdOf(run.id, modelId);
  const known = await database.transaction('gallery.findCollection', (tx) =>
    collectionsById(tx, [id]),
  );
  if (known.length > 0) return id;
  const responses = await generate(ports, run, modelId);
  const rendered = await mapConcurrently(responses, READS_AT_ONCE, (response) =>
    readDesign(ports, modelId, response),
  );
  const candidates = rendered.filter((one) => one !== null);
  const { chosen, memorised } = curate(candidates, settings.designs);
  if (chosen.length === 0) throw new NoDesignsError(modelId, candidates.length, memorised);
  const designs = chosen.map(({ design }) => design);
  await database.transaction('gallery.saveCollection', (tx) =>
    storeCollection(tx, ports, {
      run,
      designs,
      collection: {
        ...{ id, runId: run.id, season: run.season, brand: run.brand, modelId },
        designCount: designs.length,
        createdAt: clock(),
      },
      imageKeys: responses.map(({ image }) => required(image).key),
    }),
  );
  return id;
}

/** Deletes the objects of candidates that were not chosen; what a killed process left is deleted the next time. */
export async function sweepUnused(
  { database, objects }: Pick<CollectionPorts, 'database' | 'objects'>,
  runId: string,
): Promise<void> {
  const unused = await database.transaction('gallery.findUnused', (tx) => unusedObjects(tx, runId));
  if (unused.length === 0) return;
  const keys = unused.filter(({ isUsed }) => !isUsed).map(({ key }) => key);
  await mapConcurrently(keys, READS_AT_ONCE, (key) => objects.delete(key));
  await database.transaction('gallery.forgetUnused', (tx) => forgetUnusedObjects(tx, runId));
}

async function generate(
  { calls, settings, database, clock }: CollectionPorts,
  run: RunReference,
  modelId: string,
): Promise<readonly ganTrainerV1.GenerateDesignsResponse[]> {
  const count = Math.max(settings.candidates, settings.designs);
  const byIndex = new Map<number, ganTrainerV1.GenerateDesignsResponse>();
  const progress = () =>
    database.transaction('gallery.noteProgress', (tx) => {
      const detail = `${byIndex.size} of ${count} designs generated`;
      return noteProgress(
        tx,
        run.id,
        { received: byIndex.size, requested: count, detail },
        clock(),
      );
    });
  await progress();
  const stream = calls.generateDesigns({
    modelId,
    count,
    seed: latentSeedOf(run.id),
    requestKey: run.id,
  });
  for await (const response of stream) {
    byIndex.set(response.index, response);
    if (byIndex.size % PROGRESS_EVERY === 0) await progress();
  }
  await progress();
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

/** Null where the image is no readable picture. */
async function readDesign(
  { objects, logger, clock }: CollectionPorts,
  modelId: string,
  response: ganTrainerV1.GenerateDesignsResponse,
): Promise<Rendered | null> {
  const image = required(response.image);
  const { latent, decoderVersion, realism, sizePx } = response;
  const nearestGarments = response.nearestGarments.map(({ garmentId, distance }) => {
    return { garmentId, distance };
  });
  let look: DesignLook;
  try {
    look = await designLook(await objects.get(image.key));
  } catch (error) {
    if (!(error instanceof VisionError)) throw error;
    logger.warn({ modelId, key: image.key, error }, 'a generated design is no readable image');
    return null;
  }
  const { features, blurhash, dominantColor } = look;
  const design = {
    id: designIdOf(modelId, decoderVersion, latent),
    ...{ modelId, decoderVersion, latent, realism, nearestGarments, image, sizePx },
    ...{ blurhash, dominantColor, createdAt: clock() },
  };
  return {
    ...{ design, realism, features },
    imageSha256: image.sha256,
    garmentDistances: nearestGarments.map(({ distance }) => distance),
  };
}

async function storeCollection(
  tx: Transaction,
  { outbox }: CollectionPorts,
  input: {
    readonly run: RunReference;
    readonly collection: Parameters<typeof saveCollection>[1];
    readonly designs: readonly DesignRecord[];
    readonly imageKeys: readonly string[];
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
    [...new Set(imageKeys)].filter((key) => !used.has(key)),
  );
  const { id: collectionId, modelId } = collection;
  await outbox.publish(
    tx,
    'deepstyle.collection.created.v1',
    { run, collectionId, modelId, designs: designs.length },
    `collection.created:${collectionId}`,
  );
}

/** proto3 cannot say that a message field is required. */
function required(image: ganTrainerV1.ObjectReference | undefined): ObjectReference {
  if (image === undefined) throw new InvalidDesignError();
  return image;
}
