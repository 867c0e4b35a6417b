import { assetPath, createTaskThread, type TaskThread } from '@deepstyle/platform';
import { RejectedSourceError, type RejectionCode } from '../errors.ts';
import type { TASKS } from './tasks.ts';

/** Reads text from outside. @throws RejectedSourceError TOO_COSTLY where it takes too much; others as the task says */
export type Parser = TaskThread<typeof TASKS>;

export interface ParserOptions {
  /** The built worker; default `dist/scraper-parser.js`. */
  readonly workerUrl?: string | URL;
  readonly maxHeapMb?: number;
  readonly maxSeconds?: number;
}

// The costliest page within the limits takes less than 96.
const MAX_HEAP_MB = 128;
/** For what is new. V8 would take twice as much, and a text leaves little of it behind. */
const MAX_YOUNG_MB = 24;
// Text within the limits is read in less than a second; this is for a machine that is busy with other things.
const MAX_SECONDS = 20;

export function createParser({
  workerUrl = assetPath('dist/scraper-parser.js'),
  maxHeapMb = MAX_HEAP_MB,
  maxSeconds = MAX_SECONDS,
}: ParserOptions = {}): Parser {
  return createTaskThread({
    name: 'parser',
    workerUrl,
    limits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: MAX_YOUNG_MB },
    maxSeconds,
    // All that a task refuses is a source that is rejected.
    refusal: ({ reason, message, cause }) =>
      new RejectedSourceError(reason as RejectionCode, message, cause),
  });
}
