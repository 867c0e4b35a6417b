import { DeepStyleError } from '@deepstyle/platform';
import { JetStreamApiError } from '@nats-io/jetstream';
import { BusUnavailableError } from '../../errors.ts';

/** Error codes of the JetStream API (nats-server, server/errors.json). */
export const API_CODES = {
  consumerExists: 10148,
  consumerNameInUse: 10013,
  workQueueNotUnique: 10100,
  workQueueUnfiltered: 10099,
  noMessage: 10037,
  consumerNotFound: 10014,
  streamNotFound: 10059,
} as const;

export function apiCode(error: unknown): number | null {
  return error instanceof JetStreamApiError ? error.code : null;
}

/** What a failed call to NATS means. */
export function describeNatsFailure(error: unknown, servers: string, what: string): Error {
  if (error instanceof DeepStyleError) return error;
  const { message } = error as Error;
  return new BusUnavailableError(
    `NATS at ${servers} did not answer to ${what}: ${message}.`,
    error,
  );
}
