import { DeepStyleError, describeError, isTransient, observeMetric } from '@deepstyle/platform';
import { STALLED_AFTER_MS } from '../graph/stage.ts';
import { eventRound } from './reconcile-events.ts';
import { jobRound } from './reconcile-jobs.ts';
import type { ReconciledService, Round } from './reconciled-service.ts';
import { sweepRound } from './sweep-objects.ts';

/** All comparisons of a service. What fails in one does not keep the others from being made. */
export function serviceRounds(service: ReconciledService): {
  /** Returns what failed. */
  readonly reconcile: (signal: AbortSignal) => Promise<readonly Error[]>;
  readonly stopObserving: () => void;
} {
  const { name, ports, parts } = service;
  const { jobs, events, objects, stalled } = parts.reconciler;
  let stalledRuns = 0;
  const rounds: readonly { readonly what: string; readonly round: Round }[] = [
    ...jobs.map((one) => ({ what: `jobs ${one.kind}`, round: jobRound(service, one) })),
    ...events.map((one) => ({
      what: `events of ${one.producer}`,
      round: eventRound(service, one),
    })),
    ...(objects.length === 0 ? [] : [{ what: 'objects', round: sweepRound(service, objects) }]),
    {
      what: 'stalled runs',
      round: async (now) => {
        const since = new Date(now.getTime() - STALLED_AFTER_MS);
        stalledRuns = await ports.database.transaction(`${name}.stalled`, (tx) =>
          stalled(tx, since),
        );
      },
    },
  ];
  /** What went wrong last: the same is not said every minute. */
  const problems = new Map<string, string>();
  return {
    reconcile: async (signal) => {
      const failures: Error[] = [];
      for (const { what, round } of rounds) {
        if (signal.aborted) break;
        try {
          await round(ports.clock());
          problems.delete(what);
        } catch (error) {
          failures.push(DeepStyleError.from(error));
          const problem = describeError(error);
          const isNew = problems.get(what) !== problem && !isTransient(error);
          problems.set(what, problem);
          ports.logger[isNew ? 'warn' : 'debug']({ what, error }, 'records could not be compared');
        }
      }
      return failures;
    },
    stopObserving: observeMetric('runsStalled', async () => [
      { value: stalledRuns, labels: { service: name } },
    ]),
  };
}
