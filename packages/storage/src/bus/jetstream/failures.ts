import { DeepStyleError } from '@deepstyle/platform';
import { JetStreamApiError } from '@nats-io/jetstream';
import { BusUnavailableError } from '../../errors.ts';
import { BusFullError } from './errors.ts';

/** Error codes of the JetStream API (nats-server, server/errors.json). */
export const API_CODES = {
  consumerExists: 10148,
  consumerNameInUse: 10013,
  workQueueNotUnique: 10100,
  workQueueUnfiltered: 10099,
  noMessage: 10037,
  consumerNotFound: 10014,
  streamNotFound: 10059,
  wrongLastSequence: 10071,
} as const;

export function apiCode(error: unknown): number | null {
  return error instanceof JetStreamApiError ? error.code : null;
}

/**
 * Nothing more fits: in order into a stream (its limit, or the disk below it), the account, and what the server has of disk and
 * memory.
 */
const FULL = new Set([10077, 10002, 10023, 10028, 10047]);

/** What a failed call to NATS means. */
export function describeNatsFailure(error: unknown, servers: string, what: string): Error {
  if (error instanceof DeepStyleError) return error;
  const { message } = error as Error;
  if (FULL.has(apiCode(error) ?? 0)) return new BusFullError(servers, what, error);
  return new BusUnavailableError(
    `NATS at ${servers} did not answer to ${what}: ${message}.`,
    error,
  );
}
