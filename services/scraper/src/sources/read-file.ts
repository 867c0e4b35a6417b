import { open } from 'node:fs/promises';
import { RejectedSourceError } from '../errors.ts';
import { tooManyBytes } from '../photograph.ts';

/**
 * Reads a file whose size is checked first.
 *
 * @throws RejectedSourceError TOO_LARGE, UNREADABLE
 */
export async function readPhotoFile(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > maxBytes) throw tooManyBytes(maxBytes);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof RejectedSourceError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new RejectedSourceError('UNREADABLE', `It cannot be read (${code ?? 'unknown error'}).`);
  }
}
