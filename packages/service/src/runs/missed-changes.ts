import type { ServiceCalls, scraperV1 } from '@deepstyle/contracts';
import type { ReconciledEvents } from '../reconcile/reconciler.ts';
import { runChanges } from './run-changes.ts';

/** Finds runs whose change was lost on its way to a service that takes nothing else from the scraper. */
export function missedChanges(
  calls: Pick<ServiceCalls, 'listScrapedRuns' | 'announceScrapedRun'>,
): ReconciledEvents<scraperV1.ListRunsResponse> {
  return {
    producer: 'scraper',
    consumers: ['changes'],
    announced: (changedSince) => calls.listScrapedRuns({ changedSince }),
    lacking: async (tx, runs) => {
      const changes = await runChanges(
        tx,
        runs.map(({ runId }) => runId),
      );
      return runs
        .filter(({ runId, revision }) => (changes.get(runId)?.revision ?? 0) < revision)
        .map(({ runId }) => runId);
    },
    announceAgain: (runId) => calls.announceScrapedRun({ runId, revision: 0 }),
  };
}
