import { on } from 'node:events';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { Answer, Message, Request, TaskInput, TaskOutput, TaskTable } from './answer-tasks.ts';
import { DeepStyleError, type DeepStyleErrorOptions } from './errors.ts';

/** A thread that does tasks with data from outside, so that whatever the data holds costs that thread only. */
export interface TaskThread<T extends TaskTable> {
  /**
   * One task after the other. Input and output are copied between the threads.
   *
   * @throws what `refusal` makes of a DeepStyleError there, and of a task that takes more memory or time than it may
   */
  run<K extends keyof T & string>(task: K, input: TaskInput<T, K>): Promise<TaskOutput<T, K>>;
  /** Ends what is under way and what waits. */
  close(): Promise<void>;
}

export interface TaskThreadOptions {
  /** For people, e.g. `parser`. */
  readonly name: string;
  /** A built file that calls `answerTasks`. */
  readonly workerUrl: string | URL;
  readonly limits: ResourceLimits & { readonly maxOldGenerationSizeMb: number };
  /** For one task. */
  readonly maxSeconds: number;
  readonly refusal: (refused: DeepStyleErrorOptions) => DeepStyleError;
  /** Told what a task tells with `tell`. */
  readonly onNote?: (note: unknown) => void;
}

/** The thread starts with the first task, and is replaced after one that was too costly or failed. */
export function createTaskThread<T extends TaskTable>({
  name,
  workerUrl,
  limits,
  maxSeconds,
  refusal,
  onNote = () => {},
}: TaskThreadOptions): TaskThread<T> {
  const closing = new AbortController();
  let thread: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();

  return {
    run: (task, input) => {
      const output = last.then(() => runNext({ task, input }));
      last = output.catch(() => {});
      // What came back is what this task gives.
      return output as Promise<never>;
    },
    close: async () => {
      closing.abort(new Error(`the ${name} is closed`));
      await thread?.terminate();
      thread = null;
    },
  };

  async function runNext(request: Request): Promise<unknown> {
    closing.signal.throwIfAborted();
    thread ??= startThread();
    const current = thread;
    try {
      // A thread that waits for the next task must not keep the process alive.
      current.ref();
      const answer = await answerOf(current, request);
      current.unref();
      if (answer.kind === 'done') return answer.output;
      throw refusal(answer.refused);
    } catch (error) {
      if (error instanceof DeepStyleError) throw error;
      thread = null;
      await current.terminate();
      closing.signal.throwIfAborted();
      throw failureOf(error);
    }
  }

  function startThread(): Worker {
    const worker = new Worker(workerUrl, { name, execArgv: [], resourceLimits: limits });
    // The task under way is told; without a listener it would end the process.
    worker.on('error', () => {});
    return worker;
  }

  async function answerOf(worker: Worker, request: Request): Promise<Answer> {
    const signal = AbortSignal.any([AbortSignal.timeout(maxSeconds * 1000), closing.signal]);
    const messages = on(worker, 'message', { signal }) as AsyncIterable<[Message]>;
    worker.postMessage(request);
    for await (const [message] of messages) {
      if (message.kind === 'failed') throw new Error(message.message);
      if (message.kind !== 'note') return message;
      onNote(message.note);
    }
    throw new Error(`the ${name} ended without an answer`);
  }

  function failureOf(error: unknown): unknown {
    const { name: kind, code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_WORKER_OUT_OF_MEMORY')
      return tooCostly(`${limits.maxOldGenerationSizeMb} MB of memory`, error);
    if (kind === 'AbortError') return tooCostly(`${maxSeconds} seconds`, error);
    return error;
  }

  function tooCostly(limit: string, cause: unknown): DeepStyleError {
    const message = `Reading it takes more than ${limit}.`;
    return refusal({ code: 'FAILED_PRECONDITION', reason: 'TOO_COSTLY', message, cause });
  }
}
