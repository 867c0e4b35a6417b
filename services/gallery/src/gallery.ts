import type { EventData, RunReference } from '@deepstyle/contracts';
import { DeepStyleError, NotFoundError } from '@deepstyle/platform';
import { ensureCollection, sweepUnused } from './collection.ts';
import { RunNotHeldError } from './errors.ts';
import { incompleteness } from './losses.ts';
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
  runsById,
} from './records.ts';
import { readRunGarments } from './run-garments.ts';

/** The job that publishes a run which was let go on. */
export const PUBLISH_JOB = 'gallery-publish';

/** The use cases; each may be repeated and come in any order. */
export interface Gallery {
  /** The garments of a run are there: publishes what they say of the season, or holds the run. */
  readonly garmentsReady: (data: EventData<'deepstyle.garments.ready.v1'>) => Promise<void>;
  /** The run has its model, or gets none: generates the collection and publishes the run's last revision. */
  readonly ganReady: (data: EventData<'deepstyle.gan.ready.v1'>) => Promise<void>;
  /** Lets a held run be published as it is. @throws RunNotHeldError, NotFoundError */
  readonly publishIncomplete: (runId: string) => Promise<void>;
  /** Takes a run as far as what has come of it allows. */
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
      const incomplete = incompleteness(losses, settings.maxLosses);
      await database.transaction('gallery.noteReady', async (tx) => {
        await noteRun(tx, run, clock());
        await noteReady(tx, run.id, { readyAt: clock(), incomplete });
      });
      await proceed(ports, run.id);
    },
    ganReady: async ({ run, outcome, modelId, reason }) => {
      await database.transaction('gallery.noteGan', async (tx) => {
        await noteRun(tx, run, clock());
        await noteGan(tx, run.id, { ganOutcome: outcome, modelId, ganReason: reason });
      });
      await proceed(ports, run.id);
    },
    publishIncomplete: async (runId) => {
      await database.transaction('gallery.release', async (tx) => {
        if (await releaseRun(tx, runId, clock())) {
          await outbox.enqueue(tx, PUBLISH_JOB, { runId }, `${PUBLISH_JOB}:${runId}`);
          return;
        }
        if ((await runsById(tx, [runId])).length === 0) throw new NotFoundError('run', runId);
        throw new RunNotHeldError(runId);
      });
    },
    proceed: (runId) => proceed(ports, runId),
  };
}

/** The events come in any order: each is noted, and what is there decides how far the run can go. */
async function proceed(ports: Ports, runId: string): Promise<void> {
  const [record] = await ports.database.transaction('gallery.findRun', (tx) =>
    runsById(tx, [runId]),
  );
  if (record === undefined || record.readyAt === null) return;
  const { reference: run, incomplete, releasedAt } = record;
  // Before its garments are read: from then on they count in the season.
  if (incomplete !== null && releasedAt === null) return hold(ports, run, incomplete);
  const garments = await readRunGarments(ports, run);
  if (garments === 0) return finishEmpty(ports, run);
  if (record.ganOutcome === null) {
    await publishRun(ports, { run, final: false, collectionId: null });
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
  await publishRun(ports, { run, final: true, collectionId });
  await note(ports, run, state, detail);
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
    return withoutCollection('FAILED', error.message);
  }
}

function withoutCollection(state: PublishingState, reason: string): Outcome {
  return { collectionId: null, state, detail: `trends published without a collection: ${reason}` };
}

async function hold(ports: Ports, run: RunReference, incomplete: string): Promise<void> {
  ports.logger.warn({ runId: run.id, incomplete }, 'a run is held: too much of it was lost');
  await note(
    ports,
    run,
    'HELD',
    `Held, as too much was lost: ${incomplete} To publish it as incomplete: deepstyle run publish run_${run.id} --incomplete`,
  );
}

function finishEmpty(ports: Ports, run: RunReference): Promise<void> {
  return note(ports, run, 'FAILED', 'The run has no garments, so there is nothing to publish.');
}

function note(
  { database, clock }: Pick<Ports, 'database' | 'clock'>,
  run: RunReference,
  state: PublishingState,
  detail: string,
): Promise<void> {
  return database.transaction('gallery.noteProgress', (tx) =>
    noteProgress(tx, run.id, { state, detail }, clock()),
  );
}
