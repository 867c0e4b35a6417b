import type { EventData, RunReference } from '@deepstyle/contracts';
import {
  groupCommit,
  idInRetry,
  newestReferences,
  noteRunChange,
  referencesAhead,
  retriesOf,
  runChanges,
  type ServiceOutbox,
} from '@deepstyle/service';
import { keepObjects, type Transaction } from '@deepstyle/storage';
import type { Ports } from './ports.ts';
import {
  countAttempt,
  failureCauses,
  type GarmentRecord,
  garmentsById,
  hasUnsettled,
  lockRuns,
  noteLosses,
  type RunPhoto,
  type RunRecord,
  reopenRun,
  type ScrapeLosses,
  saveGarments,
  saveOutcomes,
  saveProgress,
  saveRunGarments,
  settledPhotos,
} from './records.ts';
import { closeScrape, type PhotoOutcome, settlePhotos, withReadiness } from './run-progress.ts';

/** How one photograph of a run ended, with what it gave. */
export interface Settlement extends PhotoOutcome {
  readonly run: RunReference;
  readonly garments: readonly GarmentRecord[];
}

export interface LookUp extends RunPhoto {
  readonly garmentIds: readonly string[];
}

export interface LookedUp {
  /** Nothing is to be done for it. So it is while its run is canceled: then it is told again. */
  readonly isSettled: boolean;
  /** Those of the garments that exist, from this run or an earlier one. */
  readonly known: readonly GarmentRecord[];
}

/** The book of each run's photographs. Concurrent callers share transactions; state and events are written together. */
export interface RunLedger {
  readonly lookUp: (photo: LookUp) => Promise<LookedUp>;
  /** Counts the photograph, once, and publishes what follows from it; nothing where the run is canceled. */
  readonly settle: (settlement: Settlement) => Promise<void>;
  readonly closeRun: (run: RunReference, photos: number, losses: ScrapeLosses) => Promise<void>;
  /** Notes what was asked for a run. True where what was told of its photographs has to be told again. */
  readonly changeRun: (change: EventData<'deepstyle.run.changed.v1'>) => Promise<boolean>;
  /** Notes an attempt that failed; the number of them so far. */
  readonly countAttempt: (run: RunReference, photoId: string, reason: string) => Promise<number>;
}

export type LedgerPorts = Pick<Ports, 'database' | 'outbox' | 'clock'>;

const MAX_GROUP = 64;
const MAX_CAUSES = 3;

export function createRunLedger(ports: LedgerPorts): RunLedger {
  const { database, clock } = ports;
  return {
    lookUp: groupCommit(MAX_GROUP, (photos: readonly LookUp[]) =>
      database.transaction('cropper.lookUp', (tx) => lookUpAll(tx, photos)),
    ),
    settle: groupCommit(MAX_GROUP, (settlements: readonly Settlement[]) =>
      database.transaction('cropper.settle', (tx) => settleAll(tx, ports, settlements)),
    ),
    closeRun: (run, photos, losses) =>
      database.transaction('cropper.closeRun', (tx) => close(tx, ports, run, photos, losses)),
    changeRun: (change) =>
      database.transaction('cropper.changeRun', (tx) => noteChange(tx, ports, change)),
    countAttempt: (run, photoId, reason) =>
      database.transaction('cropper.countAttempt', async (tx) => {
        await lockRuns(tx, [run], clock());
        return countAttempt(tx, { runId: run.id, photoId }, reason);
      }),
  };
}

async function lookUpAll(tx: Transaction, photos: readonly LookUp[]): Promise<readonly LookedUp[]> {
  const settled = new Set((await settledPhotos(tx, photos)).map(keyOf));
  const ids = photos.flatMap(({ garmentIds }) => garmentIds);
  const garments = new Map((await garmentsById(tx, ids)).map((one) => [one.id, one]));
  const changes = await runChanges(
    tx,
    photos.map(({ runId }) => runId),
  );
  return photos.map((photo) => ({
    isSettled: settled.has(keyOf(photo)) || changes.get(photo.runId)?.isCanceled === true,
    known: photo.garmentIds.flatMap((id) => garments.get(id) ?? []),
  }));
}

/** Holds the runs that events name, until the transaction ends. One that was asked for again since is open once more. */
async function holdRuns(
  tx: Transaction,
  references: readonly RunReference[],
  now: Date,
): Promise<ReadonlyMap<string, RunRecord>> {
  const held = await lockRuns(tx, references, now);
  const ahead = referencesAhead(newestReferences(references), held.values());
  for (const reference of ahead) await reopenRun(tx, reference, now);
  return ahead.length === 0 ? held : lockRuns(tx, references, now);
}

async function settleAll(
  tx: Transaction,
  ports: LedgerPorts,
  settlements: readonly Settlement[],
): Promise<readonly undefined[]> {
  const now = ports.clock();
  const runs = await holdRuns(
    tx,
    settlements.map(({ run }) => run),
    now,
  );
  const settled = await settledPhotos(
    tx,
    settlements.map(({ run, photoId }) => ({ runId: run.id, photoId })),
  );
  const results = [...runs.values()].flatMap((before) => {
    const { id, reference } = before;
    const known = new Set(settled.filter(({ runId }) => runId === id).map((one) => one.photoId));
    const own = settlements
      .filter((settlement) => settlement.run.id === id && counts(settlement, before))
      .map((settlement) => ({ ...settlement, run: reference }));
    const result = settlePhotos(before.progress, known, own);
    return result.fresh.length === 0 ? [] : [{ before, ...result }];
  });
  const fresh = results.flatMap((result) => result.fresh);
  if (fresh.length > 0) {
    await save(tx, fresh);
    await saveProgress(
      tx,
      results.map(({ before, progress }) => ({ id: before.id, progress })),
      now,
    );
    await publishFresh(tx, ports.outbox, fresh);
    for (const { before, progress } of results)
      await publishReadiness(tx, ports.outbox, before, progress);
  }
  return settlements.map(() => undefined);
}

/** Of a canceled run nothing does; the detector looks again at what failed there before a retry. */
function counts({ run, failure }: Settlement, { isCanceled, reference }: RunRecord): boolean {
  const isStale = failure?.stage === 'detect' && retriesOf(run) < retriesOf(reference);
  return !isCanceled && !isStale;
}

async function save(tx: Transaction, fresh: readonly Settlement[]): Promise<void> {
  const outcomes = fresh.map(({ run, photoId, failure }) => ({
    runId: run.id,
    photoId,
    outcome: failure === null ? ('done' as const) : ('failed' as const),
    reason: failure?.reason ?? null,
  }));
  await saveOutcomes(tx, outcomes);
  const garments = fresh.flatMap(({ run, garments }) =>
    garments.map((garment) => ({ ...garment, runId: run.id, garmentId: garment.id })),
  );
  if (garments.length === 0) return;
  await keepObjects(
    tx,
    garments.map(({ image }) => image.key),
  );
  await saveGarments(
    tx,
    fresh.flatMap((settlement) => settlement.garments),
  );
  await saveRunGarments(tx, garments);
}

async function publishFresh(
  tx: Transaction,
  outbox: ServiceOutbox,
  fresh: readonly Settlement[],
): Promise<void> {
  const cropped = fresh.flatMap(({ run, garments }) =>
    garments.map((garment) => ({
      id: `garment.cropped:${run.id}:${garment.id}`,
      data: { run, garment: croppedGarment(garment) },
    })),
  );
  if (cropped.length > 0) await outbox.publishAll(tx, 'deepstyle.garment.cropped.v1', cropped);
  const failures = fresh.flatMap(({ run, photoId, failure }) => {
    // The detector has announced its own.
    if (failure?.stage !== 'crop') return [];
    const id = idInRetry(`photo.failed:${run.id}:${photoId}:crop`, run);
    return [{ id, data: { run, photoId, ...failure } }];
  });
  if (failures.length > 0) await outbox.publishAll(tx, 'deepstyle.photo.failed.v1', failures);
}

function croppedGarment(
  garment: GarmentRecord,
): EventData<'deepstyle.garment.cropped.v1'>['garment'] {
  const { id, photoId, brand, category, categoryType, image, widthPx, heightPx } = garment;
  return { id, photoId, brand, category, categoryType, image, widthPx, heightPx };
}

async function close(
  tx: Transaction,
  ports: LedgerPorts,
  run: RunReference,
  photos: number,
  losses: ScrapeLosses,
): Promise<void> {
  const now = ports.clock();
  const before = (await holdRuns(tx, [run], now)).get(run.id);
  if (before === undefined || before.progress.expected !== null) return;
  // From before a retry, the scraper closes the run once more.
  if (retriesOf(run) < retriesOf(before.reference)) return;
  const closed = closeScrape(before.progress, photos);
  const progress = before.isCanceled ? { ...closed, ready: false } : closed;
  await saveProgress(tx, [{ id: run.id, progress }], now);
  await noteLosses(tx, run.id, losses);
  await publishReadiness(tx, ports.outbox, { ...before, ...losses }, progress);
}

async function noteChange(
  tx: Transaction,
  { outbox, clock }: LedgerPorts,
  change: EventData<'deepstyle.run.changed.v1'>,
): Promise<boolean> {
  const { run, revision, state } = change;
  const now = clock();
  const held = (await holdRuns(tx, [run], now)).get(run.id);
  const before = await noteRunChange(tx, change);
  const standing = (await runChanges(tx, [run.id])).get(run.id);
  if (held === undefined || standing?.revision !== revision || state === 'canceled') return false;
  const progress = withReadiness(held.progress);
  if (progress.ready && !held.progress.ready) {
    await saveProgress(tx, [{ id: run.id, progress }], now);
    await publishReadiness(tx, outbox, held, progress);
  }
  if (progress.ready) return false;
  // Where the change is told again, asking may have failed the first time.
  return before === null || before.isCanceled || (await hasUnsettled(tx, run.id));
}

/** Exactly once per run and retry: in the transaction that makes it ready, which holds the run's lock. */
async function publishReadiness(
  tx: Transaction,
  outbox: ServiceOutbox,
  before: RunRecord,
  progress: RunRecord['progress'],
): Promise<void> {
  if (before.progress.ready || !progress.ready) return;
  const { data, id } = await garmentsReady(tx, { ...before, progress });
  await outbox.publish(tx, 'deepstyle.garments.ready.v1', data, id);
}

/** That a run is ready, as its event says it. */
export async function garmentsReady(
  tx: Transaction,
  { reference: run, progress, incomplete, lost }: RunRecord,
): Promise<{
  readonly data: EventData<'deepstyle.garments.ready.v1'>;
  readonly id: string;
}> {
  const { done, failed, garments } = progress;
  const causes = failed === 0 ? {} : { failures: await failureCauses(tx, run.id, MAX_CAUSES) };
  return {
    id: idInRetry(`garments.ready:${run.id}`, run),
    data: {
      run,
      photos: done + failed,
      failedPhotos: failed,
      lost,
      garments,
      incomplete,
      ...causes,
    },
  };
}

function keyOf({ runId, photoId }: RunPhoto): string {
  return `${runId}/${photoId}`;
}
