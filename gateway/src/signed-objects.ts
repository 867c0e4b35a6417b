import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { NotFoundError } from '@deepstyle/platform';
import type { ObjectStore } from '@deepstyle/storage';
import type { RequestHandler } from 'express';

/** `GET /objects/<key>?expires=…&signature=…`: what a signed URL of the filesystem store grants. */
export function signedObjectRoute(
  objects: ObjectStore,
  verify: (url: string) => string,
): RequestHandler {
  return async (request, response) => {
    const key = verify(request.originalUrl);
    const reference = await objects.head(key);
    if (reference === null) throw new NotFoundError('object', key);
    const body = (await objects.stream(key)) as ReadableStream<Uint8Array>;
    response.setHeader('Content-Type', reference.contentType);
    response.setHeader('Content-Length', reference.bytes);
    // Whatever was stored, a browser saves it and does not run it.
    response.setHeader('Content-Disposition', 'attachment');
    await pipeline(Readable.fromWeb(body), response);
  };
}
