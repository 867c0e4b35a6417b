import { type AnnouncedRun, missedChanges, type Reconciler } from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import { PUBLISH_JOB } from './gallery.ts';
import type { Ports } from './ports.ts';
import {
  countFailed,
  countHeld,
  countStalled,
  letGoOnUnderWay,
  type RunRecord,
  runsById,
} from './records.ts';

export function createReconciler({ calls }: Ports): Reconciler {
  return {
    jobs: [
      {
        kind: PUBLISH_JOB,
        field: 'runId',
        underWay: letGoOnUnderWay,
        payloadOf: (runId) => ({ runId }),
      },
    ],
    events: [
      {
        producer: 'cropper',
        consumers: ['garments'],
        announced: (changedSince) => calls.listCroppedRuns({ changedSince }),
        lacking: (tx, runs) => lacking(tx, runs, ({ readyAt }) => readyAt !== null),
        announceAgain: (runId) => calls.announceCroppedRun({ runId }),
      },
      {
        producer: 'gan-trainer',
        consumers: ['models'],
        announced: (changedSince) => calls.listTrainedRuns({ changedSince }),
        // A run that is tried again has to hear of its garments first.
        lacking: (tx, runs) =>
          lacking(tx, runs, ({ readyAt, ganOutcome }) => ganOutcome !== null || readyAt === null),
        announceAgain: (runId) => calls.announceTrainedRun({ runId }),
      },
      missedChanges(calls),
    ],
    // What it shows is stored by the trainer, whose records name it.
    objects: [],
    stalled: countStalled,
    failed: countFailed,
    held: countHeld,
  };
}

async function lacking(
  tx: Transaction,
  runs: readonly AnnouncedRun[],
  hasCome: (run: RunRecord) => boolean,
): Promise<readonly string[]> {
  const ids = runs.map(({ runId }) => runId);
  const come = new Set((await runsById(tx, ids)).filter(hasCome).map(({ id }) => id));
  return ids.filter((id) => !come.has(id));
}
