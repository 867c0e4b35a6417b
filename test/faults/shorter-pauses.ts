import type { Edit } from './planted-bugs.ts';

const RECONCILE = 'packages/service/src/reconcile';

/** The pauses and windows that reach a minute or more: where they are in the sources. */
const PAUSES = [
  ['packages/storage/src/bus/retry-delay.ts', 'Math.min(60_000, 1000 * 2 ** (attempt - 1))'],
  ['packages/storage/src/bus/message.ts', 'DUPLICATE_WINDOW_MS = 120_000'],
  [`${RECONCILE}/start-reconciling.ts`, 'EVERY_MS = 60_000'],
  [`${RECONCILE}/reconcile-jobs.ts`, 'QUIET_MS = 60_000'],
  [`${RECONCILE}/reconcile-events.ts`, 'QUIET_MS = 2 * 60_000'],
  [`${RECONCILE}/again-id.ts`, 'EVERY_MS = 5 * 60_000'],
  [`${RECONCILE}/backoff.ts`, 'FIRST_MS = 5 * 60_000'],
  [`${RECONCILE}/backoff.ts`, 'MAX_MS = 60 * 60_000'],
] as const;
const BACKOFF = 'BACKOFF_MS = [500, 2_000, 10_000, 30_000, 60_000]';

/**
 * Divides them, so that an outage of a tenth of the time comes to as many deliveries and comparisons as a whole one. Leases,
 * deadlines of calls and the servers' clients keep their time.
 */
export function shorterPauses(times: number): readonly Edit[] {
  return [
    ...PAUSES.map(([file, find]) => ({ file, find, replace: `${find} / ${times}` })),
    {
      file: 'packages/service/src/events/settle.ts',
      find: BACKOFF,
      replace: `${BACKOFF}.map((ms) => ms / ${times})`,
    },
  ];
}
