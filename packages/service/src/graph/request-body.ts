import express, { type RequestHandler } from 'express';

const MAX_BYTES = 256 * 1024;
const UNREADABLE = 'The body is no JSON, or is not packed as it says.';
const PROBLEMS: Readonly<Record<number, string>> = {
  413: `The body is too large: at most ${MAX_BYTES / 1024} KiB, also when it is unpacked.`,
  415: 'The body is in an encoding or charset that is not supported.',
};

/** Reads the body of a request to a graph. One that cannot be read is answered as a graph answers: as JSON with a code. */
export function readGraphBody(): RequestHandler {
  const read = express.json({ limit: MAX_BYTES });
  return (request, response, next) => {
    read(request, response, (thrown?: unknown) => {
      const { status = 500 } = Object(thrown) as { readonly status?: number };
      if (thrown === undefined || status >= 500) return next(thrown);
      const code = status === 413 ? 'QUERY_TOO_LARGE' : 'BAD_REQUEST';
      const message = PROBLEMS[status] ?? UNREADABLE;
      response.status(status).json({ errors: [{ message, extensions: { code } }] });
    });
  };
}
