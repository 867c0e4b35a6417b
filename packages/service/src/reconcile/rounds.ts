import { DeepStyleError, describeError, isTransient, observeMetric } from '@deepstyle/platform';
import { STALLED_AFTER_MS } from '../graph/stage.ts';
import { eventRound } from './reconcile-events.ts';
import { jobRound } from './reconcile-jobs.ts';
import type { ReconciledService, Round } from './reconciled-service.ts';
import { sweepRound } from './sweep-objects.ts';

/** A stage that failed is told of for so long, unless it is tried again. */
const FAILED_FOR_MS = 24 * 3_600_000;

/** Stages that a person may have to do something about. */
const NO_RUNS = { runsStalled: 0, runsFailed: 0, runsHeld: 0 };

/** All comparisons of a service. What fails in one does not keep the others from being made. */
export function serviceRounds(service: ReconciledService): {
  /** Returns what failed. */
  readonly reconcile: (signal: AbortSignal) => Promise<readonly Error[]>;
  readonly stopObserving: () => void;
} {
  const { name, ports, parts } = service;
  const { jobs, events, objects, stalled, failed, held } = parts.reconciler;
  let runs = NO_RUNS;
  const rounds: readonly { readonly what: string; readonly round: Round }[] = [
    ...jobs.map((one) => ({ what: `jobs ${one.kind}`, round: jobRound(service, one) })),
    ...events.map((one) => ({
      what: `events of ${one.producer}`,
      round: eventRound(service, one),
    })),
    ...(objects.length === 0 ? [] : [{ what: 'objects', round: sweepRound(service, objects) }]),
    {
      what: 'runs that do not go on',
      round: async (now) => {
        const before = (ms: number): Date => new Date(now.getTime() - ms);
        runs = await ports.database.transaction(`${name}.countRuns`, async (tx) => ({
          runsStalled: await stalled(tx, before(STALLED_AFTER_MS)),
          runsFailed: await failed(tx, before(FAILED_FOR_MS)),
          runsHeld: (await held?.(tx)) ?? 0,
        }));
      },
    },
  ];
  const gauges = ['runsStalled', 'runsFailed', 'runsHeld'] as const;
  const stops = gauges.map((gauge) =>
    observeMetric(gauge, async () => [{ value: runs[gauge], labels: { service: name } }]),
  );
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
    stopObserving: () => {
      for (const stop of stops) stop();
    },
  };
}
