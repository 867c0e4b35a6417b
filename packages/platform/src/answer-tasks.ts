import { parentPort } from 'node:worker_threads';
import { DeepStyleError, type DeepStyleErrorOptions } from './errors.ts';

/** What a thread does, by name. */
export type TaskTable = Readonly<Record<string, (input: never) => unknown>>;
export type TaskInput<T extends TaskTable, K extends keyof T> = Parameters<T[K]>[0];
export type TaskOutput<T extends TaskTable, K extends keyof T> = Awaited<ReturnType<T[K]>>;

export interface Request {
  readonly task: string;
  readonly input: unknown;
}

export type Answer =
  | { readonly kind: 'done'; readonly output: unknown }
  | { readonly kind: 'refused'; readonly refused: DeepStyleErrorOptions };

export type Message =
  | Answer
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'note'; readonly note: unknown };

/** For the entry of a thread: does what its `TaskThread` asks for. */
export function answerTasks(tasks: TaskTable): void {
  parentPort?.on('message', (request: Request) => {
    void answerTo(tasks, request).then(post);
  });
}

/** Tells the `TaskThread` something before the answer. */
export function tell(note: unknown): void {
  post({ kind: 'note', note });
}

function post(message: Message): void {
  parentPort?.postMessage(message);
}

async function answerTo(tasks: TaskTable, { task, input }: Request): Promise<Message> {
  try {
    return { kind: 'done', output: await tasks[task]?.(input as never) };
  } catch (thrown) {
    if (thrown instanceof DeepStyleError) {
      const { code, reason, message } = thrown;
      return { kind: 'refused', refused: { code, reason, message } };
    }
    // A stack or a string beyond what the language can hold.
    if (thrown instanceof RangeError) {
      const message = `It is beyond bounds (${thrown.message}).`;
      const refused = { code: 'FAILED_PRECONDITION', reason: 'TOO_COSTLY', message } as const;
      return { kind: 'refused', refused };
    }
    const message = thrown instanceof Error ? String(thrown.stack) : String(thrown);
    return { kind: 'failed', message };
  }
}
