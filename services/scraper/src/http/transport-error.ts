import { RejectedSourceError } from '../errors.ts';

/** Ends a request that took too long as a whole; turned into a rejection here. */
export class AnswerTooLateError extends Error {
  constructor(limitMs: number) {
    super(`no whole answer within ${limitMs} ms`);
    this.name = 'AnswerTooLateError';
  }
}

const TIMEOUTS = new Set([
  'AnswerTooLateError',
  'HeadersTimeoutError',
  'BodyTimeoutError',
  'ConnectTimeoutError',
]);

/** What a request threw, as a rejection; `transient`: another attempt may succeed. */
export function rejectionOf(
  thrown: unknown,
  url: URL,
): { readonly error: RejectedSourceError; readonly transient: boolean } {
  const guarded = findInCauses(thrown, (error) => error instanceof RejectedSourceError);
  if (guarded !== null) return { error: guarded as RejectedSourceError, transient: false };
  if (isTimeout(thrown)) {
    return {
      error: new RejectedSourceError('TIMEOUT', `${url.host} did not answer in time.`, thrown),
      transient: true,
    };
  }
  const code = codeOf(thrown);
  const message =
    code === 'ENOTFOUND'
      ? `The host ${url.hostname} has no address.`
      : `${url.host} could not be reached or broke off (${code}).`;
  return {
    error: new RejectedSourceError('UNREACHABLE', message, thrown),
    transient: code !== 'ENOTFOUND',
  };
}

function isTimeout(thrown: unknown): boolean {
  return findInCauses(thrown, ({ name }) => TIMEOUTS.has(name)) !== null;
}

function codeOf(thrown: unknown): string {
  const found = findInCauses(thrown, (error) => typeof (error as ErrorWithCode).code === 'string');
  return (found as ErrorWithCode | null)?.code ?? 'unknown error';
}

type ErrorWithCode = Error & { readonly code?: string };

/** The first error that fits, among the thrown one, its causes and what it collects. */
function findInCauses(thrown: unknown, fits: (error: Error) => boolean): Error | null {
  if (!(thrown instanceof Error)) return null;
  if (fits(thrown)) return thrown;
  const inner = [thrown.cause, ...(thrown instanceof AggregateError ? thrown.errors : [])];
  for (const error of inner) {
    const found = findInCauses(error, fits);
    if (found !== null) return found;
  }
  return null;
}
