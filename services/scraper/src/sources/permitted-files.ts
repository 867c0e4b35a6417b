import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { readFileUpTo } from '@deepstyle/platform';
import type { MemoryLease } from '@deepstyle/vision';
import { FolderNotPermittedError, RejectedSourceError } from '../errors.ts';
import { tooManyBytes } from '../photograph.ts';

/**
 * The path itself (links resolved) where `roots` allow it; `*` allows all. Checked on the resolved path, so that a link
 * inside an allowed folder leads nowhere else.
 *
 * @throws FolderNotPermittedError, and what realpath throws
 */
export async function permittedPath(path: string, roots: readonly string[]): Promise<string> {
  if (roots.includes('*')) return realpath(path);
  // Before anything is read from the disk: a refusal must not reveal whether the path exists.
  const lexical = resolve(path);
  if (!roots.some((root) => isInside(lexical, resolve(root)))) {
    throw new FolderNotPermittedError(path, roots);
  }
  const real = await realpath(path);
  for (const root of roots) {
    const realRoot = await realpath(root).catch(() => null);
    if (realRoot !== null && isInside(real, realRoot)) return real;
  }
  throw new FolderNotPermittedError(path, roots);
}

/** True where `path` is `folder` or lies in it; both absolute and resolved. */
export function isInside(path: string, folder: string): boolean {
  const prefix = folder.endsWith(sep) ? folder : folder + sep;
  return path === folder || path.startsWith(prefix);
}

/** The bytes of a photograph, held in `memory`. @throws RejectedSourceError TOO_LARGE, UNREADABLE; the signal's reason */
export async function readPhotoFile(
  path: string,
  maxBytes: number,
  signal: AbortSignal,
  memory: MemoryLease,
): Promise<Uint8Array> {
  // A file may grow while it is read. What it does not need is given back at once, as a disk is quick.
  await memory.take(maxBytes, signal);
  const read = await readFileUpTo(path, maxBytes).catch(({ code }: NodeJS.ErrnoException) => {
    throw new RejectedSourceError('UNREADABLE', `It cannot be read (${code ?? 'unknown error'}).`);
  });
  if (read === 'no regular file')
    throw new RejectedSourceError('UNREADABLE', 'It is no regular file.');
  if (read === 'too large') throw tooManyBytes(maxBytes);
  memory.keep(read.length);
  return read;
}
