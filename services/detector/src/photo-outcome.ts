/** How a photograph went. Pure. */
import { DeepStyleError } from '@deepstyle/platform';
import type { PhotoDetections, PhotoFailure } from './records.ts';

export type Outcome =
  | { readonly kind: 'found'; readonly found: PhotoDetections }
  /** It may go better another time. */
  | { readonly kind: 'failed'; readonly failure: PhotoFailure }
  | { readonly kind: 'hopeless'; readonly failure: PhotoFailure };

const MOST_REASON = 2000;

/** A store that is away or full is not a photograph's fault and does not count against it. */
export function isPassing(error: unknown): boolean {
  return error instanceof DeepStyleError && error.retryable && error.code !== 'INTERNAL';
}

/** What the photograph or the model itself is to blame for does not change by trying again. */
export function failureOf(photoId: string, error: unknown): Outcome {
  const { message, retryable } = DeepStyleError.from(error);
  const reason = error instanceof DeepStyleError ? message : describe(error);
  return retryable
    ? { kind: 'failed', failure: { photoId, reason: reason.slice(0, MOST_REASON) } }
    : hopeless(photoId, reason);
}

export function hopeless(photoId: string, reason: string): Outcome {
  return { kind: 'hopeless', failure: { photoId, reason: reason.slice(0, MOST_REASON) } };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
