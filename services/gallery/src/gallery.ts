import type { EventData, RunReference } from '@deepstyle/contracts';
import { DeepStyleError, NotFoundError } from '@deepstyle/platform';
import { failedDetail, noteRetries, noteRunChange, retriesOf } from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import { ensureCollection, sweepUnused } from './collection.ts';
import { RunChangedError, RunNotHeldError } from './errors.ts';
import { incompleteness } from './losses.ts';
import { inOpenRun } from './open-run.ts';
import type { Ports } from './ports.ts';
import { publishRun } from './publishing.ts';
import {
  noteGan,
  noteProgress,
  noteReady,
  noteRun,
  type PublishingState,
  type RunRecord,
  releaseRun,
  reopenRun,
  runsById,
} from './records.ts';
import { readRunGarments } from './run-garments.ts';

/** The job that publishes a run which a person let go on. */
export const PUBLISH_JOB = 'gallery-publish';

/** The use cases; each may be repeated and come in any order. */
export interface Gallery {
  /** The garments of a run are there: publishes what they say of the season, or holds the run. */
  readonly garmentsReady: (data: EventData<'deepstyle.garments.ready.v1'>) => Promise<void>;
  /** The run has its model, or gets none: generates the collection and publishes the run's last revision. */
  readonly ganReady: (data: EventData<'deepstyle.gan.ready.v1'>) => Promise<void>;
  /** A person canceled a run, let it go on, or asked for what failed in it again. */
  readonly runChanged: (data: EventData<'deepstyle.run.changed.v1'>) => Promise<void>;
  /** Lets a held run be published as it is. @throws RunNotHeldError, NotFoundError */
  readonly publishIncomplete: (runId: string) => Promise<void>;
  /** Takes a run as far as what has come of it allows; a canceled one stays where it is. */
  readonly proceed: (runId: string) => Promise<void>;
}

/** What became of a run's designs, for people. */
interface Outcome {
  readonly collectionId: string | null;
  readonly state: PublishingState;
  readonly detail: string;
}

export function createGallery(ports: Ports): Gallery {
  const { database, clock, outbox, settings } = ports;
  return {
    garmentsReady: async ({ run, ...losses }) => {
      // Without a garment there is nothing that could be published all the same.
      const isEmpty = losses.garments === 0;
      const incomplete = isEmpty ? null : incompleteness(losses, settings.maxLosses);
      await database.transaction('gallery.noteReady', async (tx) => {
        if (!(await enterRun(tx, run, clock()))) return;
        await noteReady(tx, run.id, { readyAt: clock(), incomplete });
      });
      await proceed(ports, run.id);
    },
    ganReady: async ({ run, outcome, modelId, reason }) => {
      await database.transaction('gallery.noteGan', async (tx) => {
        if (!(await enterRun(tx, run, clock()))) return;
        await noteGan(tx, run.id, { ganOutcome: outcome, modelId, ganReason: reason });
      });
      await proceed(ports, run.id);
    },
    runChanged: (change) =>
      database.transaction('gallery.noteRunChange', async (tx) => {
        const before = await noteRunChange(tx, change);
        if (before === null) return;
        const { run, revision, state } = change;
        if (before.retries < retriesOf(run)) await reopenRun(tx, run, clock());
        else await noteProgress(tx, run.id, {}, clock());
        if (!before.isCanceled || state === 'canceled') return;
        const id = `${PUBLISH_JOB}:${run.id}:change-${revision}`;
        await outbox.enqueue(tx, PUBLISH_JOB, { runId: run.id }, id);
      }),
    publishIncomplete: async (runId) => {
      await database.transaction('gallery.release', async (tx) => {
        const [run] = await runsById(tx, [runId]);
        if (run === undefined) throw new NotFoundError('run', runId);
        if (run.isCanceled || !(await releaseRun(tx, runId, clock()))) {
          throw new RunNotHeldError(runId);
        }
        await outbox.enqueue(tx, PUBLISH_JOB, { runId }, `${PUBLISH_JOB}:${runId}`);
      });
    },
    proceed: (runId) => proceed(ports, runId),
  };
}

/** Inserts the run of an event where it is new, and opens it anew for a later retry; false for an event from before that. */
async function enterRun(tx: Transaction, run: RunReference, now: Date): Promise<boolean> {
  const before = await noteRetries(tx, run);
  if (before === null) return false;
  await noteRun(tx, run, now);
  if (before.retries < retriesOf(run)) await reopenRun(tx, run, now);
  return true;
}

/** The events come in any order: each is noted, and what is there decides how far the run can go. */
async function proceed(ports: Ports, runId: string): Promise<void> {
  const [record] = await ports.database.transaction('gallery.findRun', (tx) =>
    runsById(tx, [runId]),
  );
  if (record === undefined || record.readyAt === null || record.isCanceled) return;
  try {
    await publish(ports, record);
  } catch (error) {
    // What follows from the change comes by itself: with the events of the retry, or by a job once the run is resumed.
    if (!(error instanceof RunChangedError)) throw error;
    ports.logger.info({ runId }, 'the publishing of a run stops, as a person changed the run');
  }
}

async function publish(ports: Ports, record: RunRecord): Promise<void> {
  const { reference: run, incomplete, releasedAt } = record;
  // Before its garments are read: from then on they count in the season.
  if (incomplete !== null && releasedAt === null) return hold(ports, record, incomplete);
  const garments = await readRunGarments(ports, record);
  if (garments === 0) return finishEmpty(ports, run);
  if (record.ganOutcome === null) {
    await publishRun(ports, { run, end: null, collectionId: null });
  } else {
    await finish(ports, record);
  }
}

async function finish(
  ports: Ports,
  { reference: run, ganOutcome, modelId, ganReason }: RunRecord,
): Promise<void> {
  const { collectionId, state, detail } =
    ganOutcome === 'skipped' || modelId === null
      ? withoutCollection('DONE', ganReason ?? 'no model')
      : await collectionOutcome(ports, run, modelId);
  await publishRun(ports, { run, end: { state, detail }, collectionId });
  await sweepUnused(ports, run.id);
}

/** A failure that another attempt cannot repair ends the run without a collection; the trends stand all the same. */
async function collectionOutcome(
  ports: Ports,
  run: RunReference,
  modelId: string,
): Promise<Outcome> {
  try {
    const collectionId = await ensureCollection(ports, run, modelId);
    return { collectionId, state: 'DONE', detail: 'collection and trends published' };
  } catch (thrown) {
    const error = DeepStyleError.from(thrown);
    if (error.retryable) throw thrown;
    ports.logger.error({ runId: run.id, modelId, error }, 'a run ends without a collection');
    return withoutCollection('FAILED', failedDetail(error.message, run.id));
  }
}

function withoutCollection(state: PublishingState, reason: string): Outcome {
  return { collectionId: null, state, detail: `trends published without a collection: ${reason}` };
}

async function hold(
  ports: Ports,
  { reference: run, state }: RunRecord,
  incomplete: string,
): Promise<void> {
  if (state === 'HELD') return;
  ports.logger.warn({ runId: run.id, incomplete }, 'a run is held: too much of it was lost');
  const held = failedDetail(`Held, as too much was lost: ${incomplete}`, run.id);
  const asItIs = `deepstyle run publish run_${run.id} --incomplete`;
  await note(ports, run, 'HELD', `${held}; to publish it as it is: ${asItIs}`);
}

function finishEmpty(ports: Ports, run: RunReference): Promise<void> {
  const reason = 'The run has no garments, so there is nothing to publish.';
  return note(ports, run, 'FAILED', failedDetail(reason, run.id));
}

function note(
  ports: Pick<Ports, 'database' | 'clock'>,
  run: RunReference,
  state: PublishingState,
  detail: string,
): Promise<void> {
  return inOpenRun(ports, 'gallery.noteProgress', run, (tx) =>
    noteProgress(tx, run.id, { state, detail }, ports.clock()),
  );
}
