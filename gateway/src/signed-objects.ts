import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { DeepStyleError, ERROR_TABLE } from '@deepstyle/platform';
import type { ObjectStore } from '@deepstyle/storage';
import type { RequestHandler } from 'express';

/** `GET /objects/<key>?expires=…&signature=…`: what a signed URL of the filesystem store grants. */
export function signedObjectRoute(
  objects: ObjectStore,
  verify: (url: string) => string,
): RequestHandler {
  return async (request, response) => {
    try {
      const key = verify(request.originalUrl);
      const reference = await objects.head(key);
      if (reference === null) {
        response.status(404).type('text/plain').send('There is no such object.');
        return;
      }
      response.setHeader('Content-Type', reference.contentType);
      response.setHeader('Content-Length', reference.bytes);
      // Whatever was stored, a browser saves it and does not run it.
      response.setHeader('Content-Disposition', 'attachment');
      const body = (await objects.stream(key)) as ReadableStream<Uint8Array>;
      await pipeline(Readable.fromWeb(body), response);
    } catch (thrown) {
      const error = DeepStyleError.from(thrown);
      if (response.headersSent) response.destroy();
      else response.status(ERROR_TABLE[error.code].http).type('text/plain').send(error.message);
    }
  };
}
