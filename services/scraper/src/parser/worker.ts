/** Entry of the parser's thread: one task after the other, nothing kept in between. */
import { parentPort } from 'node:worker_threads';
import { RejectedSourceError, tooCostly } from '../errors.ts';
import type { ParserAnswer, ParserRequest } from './messages.ts';
import { perform } from './tasks.ts';

function answer({ task, input }: ParserRequest): ParserAnswer {
  try {
    return { kind: 'done', output: perform(task, input) };
  } catch (thrown) {
    // A stack or a string beyond what the language can hold.
    const error =
      thrown instanceof RangeError ? tooCostly(`It is beyond bounds (${thrown.message}).`) : thrown;
    if (error instanceof RejectedSourceError)
      return { kind: 'rejected', code: error.rejection, message: error.message };
    return {
      kind: 'failed',
      message: error instanceof Error ? String(error.stack) : String(error),
    };
  }
}

parentPort?.on('message', (request: ParserRequest) => parentPort?.postMessage(answer(request)));
