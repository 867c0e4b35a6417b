import type { ServiceOutbox } from '@deepstyle/service';
import type { Database, Transaction } from '@deepstyle/storage';
import { photoStored } from './event-data.ts';
import {
  findSourceKeys,
  insertMembers,
  insertSources,
  lockRun,
  type NewPhoto,
  type Run,
  type SourceRow,
  updateRun,
  upsertPhotos,
} from './records.ts';
import type { PhotoClaims } from './sources/finding.ts';
import type { Outcome } from './take-photo.ts';

export interface RecordPorts {
  readonly database: Database;
  readonly outbox: ServiceOutbox;
  readonly clock: () => Date;
}

/**
 * Writes down what became of some sources, makes their photographs members of the run and announces the new members,
 * all in one transaction. Sources that already have an outcome are left alone. False where the run is no longer open.
 */
export async function recordOutcomes(
  ports: RecordPorts,
  runId: string,
  outcomes: readonly Outcome[],
): Promise<boolean> {
  if (outcomes.length === 0) return true;
  const at = ports.clock();
  return ports.database.transaction('scraper.recordOutcomes', async (tx) => {
    const run = await lockRun(tx, runId);
    if (run?.state !== 'RUNNING') return false;
    const keys = outcomes.map(({ key }) => key);
    const recorded = await findSourceKeys(tx, runId, keys);
    const fresh = outcomes.filter(({ key }) => !recorded.has(key));
    const members = await addMembers(tx, ports, run, fresh, at);
    const rows = sourceRows(fresh, members);
    await insertSources(tx, runId, rows);
    const count = (outcome: SourceRow['outcome']) =>
      rows.filter((row) => row.outcome === outcome).length;
    await updateRun(tx, runId, {
      stored: run.stored + count('stored'),
      duplicates: run.duplicates + count('duplicate'),
      rejected: run.rejected + count('rejected'),
      at,
    });
    return true;
  });
}

/** Ids of the photographs that became members now. */
async function addMembers(
  tx: Transaction,
  { outbox }: RecordPorts,
  run: Run,
  outcomes: readonly Outcome[],
  at: Date,
): Promise<Set<string>> {
  const photos = firstOfEach(outcomes);
  if (photos.size === 0) return new Set();
  const stored = await upsertPhotos(tx, [...photos.values()], at);
  const members = await insertMembers(tx, run.id, [...photos.keys()]);
  const claimsOf = (id: string) => photos.get(id)?.claims as PhotoClaims;
  const events = stored
    .filter(({ id }) => members.has(id))
    .map((photo) => photoStored(run, photo, claimsOf(photo.id)));
  if (events.length > 0) await outbox.publishAll(tx, 'deepstyle.photo.stored.v1', events);
  return members;
}

function firstOfEach(outcomes: readonly Outcome[]): Map<string, NewPhoto> {
  const photos = new Map<string, NewPhoto>();
  for (const outcome of outcomes) {
    if (outcome.kind === 'photo' && !photos.has(outcome.photo.id)) {
      photos.set(outcome.photo.id, outcome.photo);
    }
  }
  return photos;
}

/** The first source of a new member stored it; any other source of the same bytes is a duplicate. */
function sourceRows(outcomes: readonly Outcome[], members: ReadonlySet<string>): SourceRow[] {
  const unclaimed = new Set(members);
  return outcomes.map((outcome) => {
    const { key: sourceKey, name } = outcome;
    if (outcome.kind === 'rejected') {
      const { code, reason } = outcome;
      return { sourceKey, name, outcome: 'rejected', photoId: null, code, reason };
    }
    const photoId = outcome.photo.id;
    const isFirst = unclaimed.delete(photoId);
    return {
      sourceKey,
      name,
      outcome: isFirst ? 'stored' : 'duplicate',
      photoId,
      code: null,
      reason: null,
    };
  });
}
