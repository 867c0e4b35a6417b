import { isLastTry, type JobDelivery } from '@deepstyle/service';

export interface JobDeliveryOptions {
  readonly signal?: AbortSignal;
  /** Whether the work failed so often that one more failure is the last. */
  readonly isLast?: boolean;
}

/** What a job's handler is told of its delivery: by custom the first of many, of a process that does not stop. */
export function jobDelivery({ signal, isLast = false }: JobDeliveryOptions = {}): JobDelivery {
  return {
    signal: signal ?? new AbortController().signal,
    givesUpOn: (error) => isLastTry(error, { failures: 0 }, isLast ? 1 : 2),
  };
}
