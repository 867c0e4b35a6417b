import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Express } from 'express';
import { DeepStyleError, ERROR_TABLE, InternalError } from './errors.ts';
import type { Logger } from './logger.ts';

interface Answer {
  readonly status: number;
  readonly message: string;
}

/**
 * Ends the routes of an app: answers what none of them takes, and what one of them throws. Express by itself would
 * answer with a stack trace and its paths.
 */
export function addLastAnswers(app: Express, logger: Logger): void {
  app.use((_request, response) => {
    response.status(404).type('text/plain').send('There is nothing at this address.');
  });
  const onError: ErrorRequestHandler = (thrown: unknown, request, response, _next) => {
    const { status, message } = answerTo(thrown);
    if (status >= 500 && !isOfClient(thrown))
      logger.error({ error: thrown, path: request.path }, 'a request failed');
    // Half an answer cannot be taken back; that it breaks off tells the client.
    if (response.headersSent) response.destroy();
    else response.status(status).type('text/plain').send(message);
  };
  app.use(onError);
}

/** Whether an answer ended early because nobody waits for it. */
function isOfClient(thrown: unknown): boolean {
  return Object(thrown).code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function answerTo(thrown: unknown): Answer {
  if (thrown instanceof DeepStyleError) {
    const status = ERROR_TABLE[thrown.code].http;
    if (status < 500) return { status, message: thrown.message };
    // What a store says of itself may hold an address.
    if (thrown.retryable && thrown.code !== 'INTERNAL')
      return { status, message: 'This cannot be answered now. Try again.' };
  }
  // Express and its parsers say in `status` what is wrong with the request itself.
  const { status = 500 } = Object(thrown) as { readonly status?: number };
  if (status >= 400 && status < 500) return { status, message: `${STATUS_CODES[status]}.` };
  return { status: 500, message: new InternalError(thrown).message };
}
