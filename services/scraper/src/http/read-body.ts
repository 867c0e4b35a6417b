import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { tooManyBytes } from '../photograph.ts';

/** What becomes of a body longer than its limit. */
export type Excess = 'reject' | 'cut';

/**
 * Reads a body to its end, unpacked, and stops as soon as it is longer than `maxBytes` on either side of the unpacking.
 *
 * @throws RejectedSourceError TOO_LARGE
 */
export async function readBody(
  body: Readable,
  encoding: string | undefined,
  maxBytes: number,
  excess: Excess = 'reject',
): Promise<Buffer> {
  const decoder = decoderOf(encoding);
  if (decoder === null) return collect(body, maxBytes, excess);
  body.on('error', (error) => decoder.destroy(error));
  try {
    return await collect(body.pipe(decoder), maxBytes, excess);
  } finally {
    body.destroy();
  }
}

async function collect(stream: Readable, maxBytes: number, excess: Excess): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop destroys the stream and with it the connection.
    if (length > maxBytes && excess === 'reject') throw tooManyBytes(maxBytes);
    chunks.push(chunk);
    if (length > maxBytes) break;
  }
  return Buffer.concat(chunks, Math.min(length, maxBytes));
}

// Asked for is `identity`; some servers compress all the same.
function decoderOf(encoding: string | undefined) {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'br') return createBrotliDecompress();
  if (encoding === 'deflate') return createInflate();
  return null;
}
