import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { StorageFullError } from '@deepstyle/storage';
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
  let packedBytes = 0;
  body.on('data', (chunk: Buffer) => {
    packedBytes += chunk.length;
    // What unpacks to nothing never gets to the other limit.
    if (packedBytes > maxBytes) body.destroy(tooManyBytes(maxBytes));
  });
  body.on('error', (error) => decoder.destroy(error));
  try {
    return await collect(body.pipe(decoder), maxBytes, excess);
  } finally {
    body.destroy();
  }
}

/**
 * Writes a body as it comes, in place of what the file held: an attempt before this one may have broken off.
 *
 * @throws RejectedSourceError TOO_LARGE; StorageFullError
 */
export async function writeBody(body: Readable, file: FileHandle, maxBytes: number): Promise<void> {
  await file.truncate(0);
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooManyBytes(maxBytes);
    await append(file, chunk);
  }
}

async function append(file: FileHandle, chunk: Buffer): Promise<void> {
  try {
    await file.appendFile(chunk);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    throw new StorageFullError('the folder for temporary files', error);
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

/** Asked for is `identity`; some servers compress all the same. Null: nothing is to be unpacked. */
export function decoderOf(encoding: string | undefined) {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'br') return createBrotliDecompress();
  if (encoding === 'deflate') return createInflate();
  return null;
}
