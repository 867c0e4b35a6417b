import type { ShutdownStack } from '@deepstyle/platform';
import type { ReconciledService } from './reconciled-service.ts';
import { serviceRounds } from './rounds.ts';

const EVERY_MS = 60_000;

export interface Reconciling {
  /** Compares now, after what is under way; returns what failed. */
  readonly reconcile: () => Promise<readonly Error[]>;
}

/**
 * Compares the records of each service with what the bus and the others hold, now and every minute; the start does not wait
 * for it. One comparison at a time.
 */
export function startReconciling(
  services: readonly ReconciledService[],
  stack: ShutdownStack,
  everyMs = EVERY_MS,
): Reconciling {
  const stopping = new AbortController();
  const all = services.map(serviceRounds);
  let last: Promise<readonly Error[]> = Promise.resolve([]);
  let isRunning = false;
  const reconcile = (): Promise<readonly Error[]> => {
    last = last.then(async () => {
      isRunning = true;
      const failures: Error[] = [];
      for (const one of all) failures.push(...(await one.reconcile(stopping.signal)));
      isRunning = false;
      return failures;
    });
    return last;
  };
  const timer = setInterval(() => {
    if (!isRunning) void reconcile();
  }, everyMs);
  timer.unref();
  void reconcile();
  stack.defer('reconciliation', async () => {
    clearInterval(timer);
    stopping.abort();
    for (const one of all) one.stopObserving();
    await last;
  });
  return { reconcile };
}
