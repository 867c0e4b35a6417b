import type { scraperV1 } from '@deepstyle/contracts';
import { NO_DETECTOR } from '@deepstyle/contracts/request-rules';
import { type ReconciledEvents, type Reconciler, runChanges } from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import { checkpointObjects } from '@deepstyle/training';
import { TAKEN_MS } from './detection/detect-photos.ts';
import { DETECT_JOB } from './detection/photo-queue.ts';
import type { Ports } from './ports.ts';
import {
  arrivals,
  countFailedRuns,
  countStalledRuns,
  modelObjects,
  runsToDetect,
  trainings,
} from './records.ts';
import { TRAIN_JOB } from './training/request-training.ts';

export function createReconciler({ calls }: Ports): Reconciler {
  const photographs: ReconciledEvents<scraperV1.ListRunsResponse> = {
    producer: 'scraper',
    consumers: ['photos', 'scrapes', 'changes'],
    announced: (changedSince) => calls.listScrapedRuns({ changedSince }),
    lacking,
    announceAgain: (runId) => calls.announceScrapedRun({ runId, revision: 0 }),
  };
  return {
    jobs: [
      {
        kind: TRAIN_JOB,
        field: 'trainingId',
        underWay: (tx, since) => trainings.underWay(tx, since),
        payloadOf: (trainingId) => ({ trainingId }),
      },
      {
        kind: DETECT_JOB,
        field: 'runId',
        underWay: (tx, since) => runsToDetect(tx, since, new Date(since.getTime() + 2 * TAKEN_MS)),
        payloadOf: (runId, job) => ({ runId, job }),
      },
    ],
    events: [photographs],
    objects: [
      checkpointObjects(trainings, 'checkpoints/detector/'),
      {
        prefix: 'models/detector/',
        pattern:
          /^models\/detector\/[^/]+\/(weights\.safetensors|detector\.onnx|detections\.json)$/,
        named: modelObjects,
      },
    ],
    stalled: async (tx, since) =>
      (await trainings.countStalled(tx, since)) + (await countStalledRuns(tx, since)),
    failed: async (tx, since) =>
      (await trainings.countFailed(tx, since)) + (await countFailedRuns(tx, since)),
  };
}

/** A run without a detector has no photographs here; of one that is not known it is not known whether it has. */
async function lacking(
  tx: Transaction,
  runs: readonly scraperV1.ListRunsResponse[],
): Promise<readonly string[]> {
  const ids = runs.map(({ runId }) => runId);
  const arrived = new Map((await arrivals(tx, ids)).map((run) => [run.id, run]));
  const changes = await runChanges(tx, ids);
  const lacks = ({ runId, photos, closed, revision }: scraperV1.ListRunsResponse): boolean => {
    const change = changes.get(runId);
    if (change !== undefined && change.revision < revision) return true;
    // What has not come of it is asked for once it is resumed.
    if (change?.isCanceled === true) return false;
    const run = arrived.get(runId);
    if (run === undefined) return closed;
    if (closed && run.expected === null) return true;
    return run.detector !== NO_DETECTOR && run.photos < photos;
  };
  return runs.filter(lacks).map(({ runId }) => runId);
}
