import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryBudget } from '@deepstyle/vision';
import { announceRun } from './announce-run.ts';
import { cancelRun, resumeRun, retryRun } from './change-run.ts';
import { collectRun, giveUpRun } from './collect-run.ts';
import type { StartRunInput } from './gen/graph.ts';
import { createAddressGuard } from './http/address-guard.ts';
import { createFetcher } from './http/fetcher.ts';
import { inspectApart } from './inspector/inspect-apart.ts';
import { createParser } from './parser/parser.ts';
import type { Ports } from './ports.ts';
import type { Run } from './records.ts';
import { createSpool } from './sources/spool.ts';
import { startRun } from './start-run.ts';

/** The use cases. */
export interface Scraper {
  /**
   * Starts a run and queues the collecting of its photographs. A key that started a run before returns that run, and is
   * refused with another request.
   */
  readonly startRun: (request: StartRunInput) => Promise<Run>;
  /**
   * Takes every source of a run that has no outcome yet, then closes the run. May be repeated after any interruption:
   * what was recorded is skipped.
   */
  readonly collectRun: (runId: string, signal: AbortSignal) => Promise<void>;
  /** Closes a run that cannot be collected any further. The photographs that it has are kept. */
  readonly giveUpRun: (runId: string, error: unknown) => Promise<void>;
  /** Stops a run where it stands; one that is canceled stays as it is. @throws NotFoundError */
  readonly cancelRun: (runId: string) => Promise<Run>;
  /** Lets a canceled run go on from where it stood. @throws RunNotCanceledError, NotFoundError */
  readonly resumeRun: (runId: string) => Promise<Run>;
  /**
   * Takes the sources again that gave no photograph, and tells the other services to try again what failed there.
   *
   * @throws RunCanceledError, RunStillCollectingError, NotFoundError
   */
  readonly retryRun: (runId: string) => Promise<Run>;
  /**
   * Publishes the events of a run again, for a service that never got them or, for a change of this number, did not take them.
   *
   * @throws NotFoundError
   */
  readonly announceRun: (runId: string, revision: number) => Promise<number>;
}

/** Photographs of the largest permitted size that are held at once; of a usual size many more. */
const MAX_LARGEST_HELD = 4;

export function createScraper(ports: Ports): Scraper {
  const { settings, clock } = ports;
  const guard = createAddressGuard(settings.allowedHosts);
  const photoMemory = new MemoryBudget(MAX_LARGEST_HELD * settings.maxPhotoBytes);
  /** By run; kept from one collecting of a run to the next, as an outage may end one in the middle. */
  const atWork = new Map<string, Set<string>>();
  return {
    startRun: (request) => startRun(ports, guard, request),
    collectRun: async (runId, signal) => {
      // One of each for each run, so that robots.txt is read anew and no run waits for another's pages.
      const parser = createParser();
      const spool = createSpool();
      const fetcher = createFetcher({
        ...settings,
        guard,
        parser,
        hostMemoryBytes: photoMemory.limitBytes / 2,
        now: () => performance.now(),
        clock,
        sleep: (delayMs, aborted) => sleep(delayMs, undefined, { signal: aborted }),
        random: Math.random,
      });
      const begun = atWork.get(runId) ?? new Set();
      atWork.set(runId, begun);
      try {
        const shared = { photoMemory, inspectSuspect: inspectApart, atWork: begun };
        await collectRun(ports, { fetcher, parser, spool, ...shared }, runId, signal);
      } finally {
        if (begun.size === 0) atWork.delete(runId);
        await Promise.all([fetcher.close(), parser.close(), spool.close()]);
      }
    },
    giveUpRun: (runId, error) => giveUpRun(ports, runId, error),
    cancelRun: (runId) => cancelRun(ports, runId),
    resumeRun: (runId) => resumeRun(ports, runId),
    retryRun: (runId) => retryRun(ports, runId),
    announceRun: (runId, revision) => announceRun(ports, runId, revision),
  };
}
