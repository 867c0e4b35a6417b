import type { detectorV1, scraperV1 } from '@deepstyle/contracts';
import { NO_DETECTOR } from '@deepstyle/contracts/request-rules';
import {
  contentObjects,
  type ReconciledEvents,
  type Reconciler,
  type RunChange,
  runChanges,
} from '@deepstyle/service';
import type { Ports } from './ports.ts';
import {
  countFailed,
  countStalled,
  garmentObjects,
  openDetectedRuns,
  type RunRecord,
  runsById,
} from './records.ts';

type Scraped = scraperV1.ListRunsResponse;
type Detected = detectorV1.ListRunsResponse;

export function createReconciler({ database, calls }: Ports): Reconciler {
  const scraped: ReconciledEvents<Scraped> = {
    producer: 'scraper',
    consumers: ['photos', 'scrapes', 'changes'],
    announced: (changedSince) => calls.listScrapedRuns({ changedSince }),
    lacking: async (tx, runs) => {
      const changes = await runChanges(tx, idsOf(runs));
      return lacking(runs, await runsById(tx, idsOf(runs)), (run, record) =>
        lacksScraped(run, record, changes.get(run.runId)),
      );
    },
    announceAgain: (runId) => calls.announceScrapedRun({ runId, revision: 0 }),
  };
  const detected: ReconciledEvents<Detected> = {
    producer: 'detector',
    consumers: ['photos'],
    async *announced(since) {
      const runIds = await database.transaction('cropper.openRuns', (tx) =>
        openDetectedRuns(tx, since),
      );
      if (runIds.length > 0) yield* calls.listDetectedRuns({ runIds: [...runIds] });
    },
    lacking: async (tx, runs) => lacking(runs, await runsById(tx, idsOf(runs)), lacksDetected),
    announceAgain: (runId) => calls.announceDetectedRun({ runId, revision: 0 }),
  };
  return {
    jobs: [],
    events: [scraped, detected],
    objects: [contentObjects('garments', garmentObjects)],
    stalled: countStalled,
    failed: countFailed,
  };
}

function idsOf(runs: readonly { readonly runId: string }[]): readonly string[] {
  return runs.map(({ runId }) => runId);
}

function lacking<Run extends { readonly runId: string }>(
  announced: readonly Run[],
  records: readonly RunRecord[],
  lacks: (run: Run, record: RunRecord | undefined) => boolean,
): readonly string[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  return idsOf(announced.filter((run) => lacks(run, byId.get(run.runId))));
}

/** With a detector the photographs come from there; of a run that is not known it is not known whether it has one. */
function lacksScraped(
  { photos, closed, revision }: Scraped,
  record: RunRecord | undefined,
  change: RunChange | undefined,
): boolean {
  if (change !== undefined && change.revision < revision) return true;
  // What has not come of it is asked for once it is resumed.
  if (change?.isCanceled === true) return false;
  if (record === undefined) return closed;
  const { reference, progress } = record;
  if (closed && progress.expected === null) return true;
  return reference.detector === NO_DETECTOR && progress.done + progress.failed < photos;
}

function lacksDetected({ photos }: Detected, record: RunRecord | undefined): boolean {
  if (record === undefined || record.progress.ready) return false;
  return record.progress.done + record.progress.failed < photos;
}
