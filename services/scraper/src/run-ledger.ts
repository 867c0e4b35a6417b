import type { EventData, RunReference } from '@deepstyle/contracts';
import { idInRetry } from '@deepstyle/service';
import { keepObjects, type Transaction } from '@deepstyle/storage';
import type { Ports } from './ports.ts';
import { endSources } from './records/begun-sources.ts';
import {
  countRejections,
  findRuns,
  findSourceKeys,
  insertMembers,
  insertSources,
  listRejections,
  listSourceKeys,
  lockRun,
  type NewPhoto,
  type Photo,
  type Run,
  type SourceRow,
  updateRun,
  upsertPhotos,
} from './records.ts';
import { NO_CLAIMS, type PhotoClaims } from './sources/source-item.ts';
import type { Outcome } from './take-photo.ts';

/** State and events of a run are written together, in one transaction each. */
export type LedgerPorts = Pick<Ports, 'database' | 'outbox' | 'clock'>;

const KEY_PAGE = 10_000;
const MAX_DETAIL = 1000;

/** The run, or null where there is nothing to collect for it, or nothing more for now. */
export async function openRun({ database }: LedgerPorts, runId: string): Promise<Run | null> {
  const [run] = await database.transaction('scraper.openRun', (tx) => findRuns(tx, [runId]));
  return whereOpen(run);
}

function whereOpen(run: Run | null | undefined): Run | null {
  return run?.state === 'RUNNING' && run.canceledAt === null ? run : null;
}

/** Keys of the sources that have an outcome. */
export async function knownKeys({ database }: LedgerPorts, runId: string): Promise<Set<string>> {
  const known = new Set<string>();
  let after = '';
  for (;;) {
    const page = await database.transaction('scraper.knownKeys', (tx) =>
      listSourceKeys(tx, runId, after, KEY_PAGE),
    );
    for (const key of page) known.add(key);
    if (page.length < KEY_PAGE) return known;
    after = page.at(-1) ?? after;
  }
}

/** Notes how many sources there are to take; null where that is not known. */
export async function noteExpected(
  { database, clock }: LedgerPorts,
  runId: string,
  expected: number | null,
): Promise<void> {
  await database.transaction('scraper.noteExpected', (tx) =>
    updateRun(tx, runId, { expected, updatedAt: clock() }),
  );
}

/**
 * Writes down what became of some sources, makes their photographs members of the run and announces the new members.
 * Sources that already have an outcome are left alone. False where the run is no longer open.
 */
export async function recordOutcomes(
  ports: LedgerPorts,
  runId: string,
  outcomes: readonly Outcome[],
): Promise<boolean> {
  if (outcomes.length === 0) return true;
  const updatedAt = ports.clock();
  return ports.database.transaction('scraper.recordOutcomes', async (tx) => {
    const run = whereOpen(await lockRun(tx, runId));
    if (run === null) return false;
    const keys = outcomes.map(({ key }) => key);
    const recorded = await findSourceKeys(tx, runId, keys);
    const fresh = outcomes.filter(({ key }) => !recorded.has(key));
    const members = await addMembers(tx, ports, run, fresh, updatedAt);
    const rows = sourceRows(fresh, members);
    await insertSources(tx, runId, rows);
    await endSources(tx, runId, keys);
    const count = (outcome: SourceRow['outcome']) =>
      rows.filter((row) => row.outcome === outcome).length;
    await updateRun(tx, runId, {
      stored: run.stored + count('stored'),
      duplicates: run.duplicates + count('duplicate'),
      rejected: run.rejected + count('rejected'),
      lost: run.lost + fresh.filter((one) => one.kind === 'rejected' && one.isLost === true).length,
      updatedAt,
    });
    return true;
  });
}

/**
 * Closes a run of whose sources nothing more can be taken.
 *
 * @param end.incomplete why a whole source gave nothing that another try may give; null where there is none
 */
export async function closeRun(
  ports: LedgerPorts,
  runId: string,
  { detail, incomplete }: { readonly detail: string | null; readonly incomplete: string | null },
): Promise<void> {
  await ports.database.transaction('scraper.closeRun', async (tx) => {
    const run = whereOpen(await lockRun(tx, runId));
    if (run === null) return;
    if (run.stored === 0) {
      const nothing = await nothingFound(tx, run);
      await endRun(tx, ports, run, { state: 'FAILED', detail: nothing, incomplete: null });
    } else if (incomplete === null) {
      await endRun(tx, ports, run, { state: 'DONE', detail, incomplete });
    } else {
      const reason = incomplete.slice(0, MAX_DETAIL);
      await endRun(tx, ports, run, { state: 'FAILED', detail: reason, incomplete: reason });
    }
  });
}

/** Closes a run before its sources are all taken. */
export async function failRun(ports: LedgerPorts, runId: string, detail: string): Promise<void> {
  await ports.database.transaction('scraper.failRun', async (tx) => {
    const run = whereOpen(await lockRun(tx, runId));
    if (run === null) return;
    const reason = detail.slice(0, MAX_DETAIL);
    await endRun(tx, ports, run, { state: 'FAILED', detail: reason, incomplete: reason });
  });
}

/** Ids of the photographs that became members now. */
async function addMembers(
  tx: Transaction,
  { outbox }: LedgerPorts,
  run: Run,
  outcomes: readonly Outcome[],
  at: Date,
): Promise<ReadonlySet<string>> {
  const photos = firstOfEach(outcomes);
  if (photos.size === 0) return new Set();
  await keepObjects(
    tx,
    [...photos.values()].map(({ objectKey }) => objectKey),
  );
  const stored = await upsertPhotos(tx, [...photos.values()], at);
  const members = await insertMembers(tx, run.id, [...photos.keys()]);
  const events = stored
    .filter(({ id }) => members.has(id))
    .map((photo) => photoStored(run, photo, photos.get(photo.id)?.claims ?? NO_CLAIMS));
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

interface RunEnd {
  readonly state: 'DONE' | 'FAILED';
  readonly detail: string | null;
  /** Why the sources are not all taken; null where they are. */
  readonly incomplete: string | null;
}

/** Closes the run and announces it; without a photograph too, as the stages after it wait for that. */
async function endRun(
  tx: Transaction,
  { outbox, clock }: LedgerPorts,
  run: Run,
  { state, detail, incomplete }: RunEnd,
): Promise<void> {
  const expected = run.stored + run.duplicates + run.rejected;
  await updateRun(tx, run.id, { state, detail, expected, updatedAt: clock() });
  const { data, id } = scrapeCompleted(run, incomplete);
  await outbox.publish(tx, 'deepstyle.scrape.completed.v1', data, id);
}

/** The end of a run as its event says it. */
export function scrapeCompleted(
  run: Run,
  incomplete: string | null,
): { readonly data: EventData<'deepstyle.scrape.completed.v1'>; readonly id: string } {
  const { stored, duplicates, rejected, lost } = run;
  return {
    id: idInRetry(`scrape.completed:${run.id}`, run),
    data: { run: runReference(run), photos: stored, duplicates, rejected, lost, incomplete },
  };
}

async function nothingFound(tx: Transaction, run: Run): Promise<string> {
  const [first] = await listRejections(tx, run.id, 1);
  if (first === undefined) {
    const places = run.sources.map(({ location }) => location).join(', ');
    return `No photograph of ${run.season} was found at ${places}.`;
  }
  const counts = await countRejections(tx, run.id);
  const codes = counts.map(({ code, count }) => `${count} x ${code}`).join(', ');
  return `None of ${run.rejected} sources gave a photograph: ${codes}. The first, ${first.name}: ${first.reason}`;
}

/** The run as every event of it carries it. */
function runReference(run: Run): RunReference {
  const { id, season, brand, detector, ganSteps, ganSkip, retries } = run;
  const reference = { id, season, brand, detector, gan: { steps: ganSteps, skip: ganSkip } };
  return retries === 0 ? reference : { ...reference, retries };
}

/** The last change of a run as its event says it. */
export function runChanged(run: Run): {
  readonly data: EventData<'deepstyle.run.changed.v1'>;
  readonly id: string;
} {
  const { id, revision, canceledAt } = run;
  const state = canceledAt === null ? 'open' : 'canceled';
  return { id: `run.changed:${id}:${revision}`, data: { run: runReference(run), revision, state } };
}

/** A member as its event says it. What this run's source says goes before what an earlier one said. */
export function photoStored(
  run: Run,
  photo: Photo,
  claims: PhotoClaims,
): { readonly data: EventData<'deepstyle.photo.stored.v1'>; readonly id: string } {
  const { id, objectKey, contentType, bytes, widthPx, heightPx } = photo;
  return {
    id: `photo.stored:${run.id}:${id}`,
    data: {
      run: runReference(run),
      photo: {
        id,
        image: { key: objectKey, sha256: id, contentType, bytes },
        widthPx,
        heightPx,
        brand: claims.brand ?? photo.brand,
        category: claims.category ?? photo.category,
      },
    },
  };
}
