import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { assetPath } from '@deepstyle/platform';
import pLimit from 'p-limit';
import { RejectedSourceError, tooCostly } from '../errors.ts';
import type { ParserAnswer } from './messages.ts';
import type { Input, Output, TaskName } from './tasks.ts';

/** Reads text from outside on a thread of its own, so that whatever the text holds costs that thread only. */
export interface Parser {
  /** @throws RejectedSourceError TOO_COSTLY where the text takes more memory or time than it may; others as the task says */
  run<T extends TaskName>(task: T, input: Input<T>): Promise<Output<T>>;
  close(): Promise<void>;
}

export interface ParserOptions {
  /** The built worker; default `dist/scraper-parser.js`. */
  readonly workerUrl?: string | URL;
  readonly maxHeapMb?: number;
  readonly maxSeconds?: number;
}

const MAX_HEAP_MB = 192;
// Text within the limits is read in less than a second; this is for a machine that is busy with other things.
const MAX_SECONDS = 20;

/** The thread starts with the first text, takes one at a time, and is replaced after a text that was too costly. */
export function createParser({
  workerUrl = assetPath('dist/scraper-parser.js'),
  maxHeapMb = MAX_HEAP_MB,
  maxSeconds = MAX_SECONDS,
}: ParserOptions = {}): Parser {
  const turn = pLimit(1);
  const closing = new AbortController();
  let thread: Worker | null = null;

  return {
    run: (task, input) => turn(() => runNext(task, input)),
    close: async () => {
      closing.abort(new Error('the parser is closed'));
      await thread?.terminate();
      thread = null;
    },
  };

  async function runNext<T extends TaskName>(task: T, input: Input<T>): Promise<Output<T>> {
    closing.signal.throwIfAborted();
    thread ??= startThread(workerUrl, maxHeapMb);
    const current = thread;
    try {
      // A thread that waits for the next text must not keep the process alive.
      current.ref();
      const signal = AbortSignal.any([AbortSignal.timeout(maxSeconds * 1000), closing.signal]);
      const answered = once(current, 'message', { signal });
      current.postMessage({ task, input });
      const [answer] = (await answered) as [ParserAnswer<T>];
      current.unref();
      return outputOf(answer);
    } catch (error) {
      if (error instanceof RejectedSourceError) throw error;
      thread = null;
      await current.terminate();
      closing.signal.throwIfAborted();
      throw failureOf(error, maxHeapMb, maxSeconds);
    }
  }
}

function startThread(workerUrl: string | URL, maxHeapMb: number): Worker {
  const worker = new Worker(workerUrl, {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  });
  // The text under way is told; without a listener it would end the process.
  worker.on('error', () => {});
  return worker;
}

function outputOf<T extends TaskName>(answer: ParserAnswer<T>): Output<T> {
  if (answer.kind === 'done') return answer.output;
  if (answer.kind === 'rejected') throw new RejectedSourceError(answer.code, answer.message);
  throw new Error(answer.message);
}

function failureOf(error: unknown, maxHeapMb: number, maxSeconds: number): unknown {
  const { name, code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return tooCostly(`Reading it takes more than ${maxHeapMb} MB of memory.`, error);
  if (name === 'AbortError')
    return tooCostly(`Reading it takes more than ${maxSeconds} seconds.`, error);
  return error;
}
