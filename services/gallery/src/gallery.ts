import type { EventData, RunReference } from '@deepstyle/contracts';
import { DeepStyleError } from '@deepstyle/platform';
import { ensureCollection, sweepUnused } from './collection.ts';
import type { Ports } from './ports.ts';
import { publishRun } from './publishing.ts';
import { noteGan, noteProgress, noteRun, type PublishingState } from './records.ts';
import { readRunGarments } from './run-garments.ts';

/** The use cases; each may be repeated and come in any order. */
export interface Gallery {
  /** The garments of a run are there: publishes what they say of the season. */
  readonly garmentsReady: (data: EventData<'deepstyle.garments.ready.v1'>) => Promise<void>;
  /** The run has its model, or gets none: generates the collection and publishes the run's last revision. */
  readonly ganReady: (data: EventData<'deepstyle.gan.ready.v1'>) => Promise<void>;
}

/** What became of a run's designs, for people. */
interface Outcome {
  readonly collectionId: string | null;
  readonly state: PublishingState;
  readonly detail: string;
}

export function createGallery(ports: Ports): Gallery {
  return {
    garmentsReady: async ({ run }) => {
      const garments = await readRunGarments(ports, run);
      if (garments === 0) return finishEmpty(ports, run);
      await publishRun(ports, { run, final: false, collectionId: null });
    },
    ganReady: async ({ run, outcome, modelId, reason }) => {
      await ports.database.transaction('gallery.noteGan', async (tx) => {
        await noteRun(tx, run, ports.clock());
        await noteGan(tx, run.id, { ganOutcome: outcome, modelId });
      });
      // This event may come before garments.ready; the cropper has the garments in any case.
      const garments = await readRunGarments(ports, run);
      if (garments === 0) return finishEmpty(ports, run);
      const { collectionId, state, detail } =
        outcome === 'skipped' || modelId === null
          ? withoutCollection('DONE', reason)
          : await collectionOutcome(ports, run, modelId);
      await publishRun(ports, { run, final: true, collectionId });
      await note(ports, run, state, detail);
      await sweepUnused(ports, run.id);
    },
  };
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
