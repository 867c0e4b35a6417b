import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeAtExit } from '@deepstyle/platform';
import { OutputFolderError } from '../errors.ts';

/** One at a time. */
const UNFINISHED = '.unfinished';
/** With what is added to it, a name that every file system takes. */
const MAX_STEM_BYTES = 200;

/** A folder that was empty; whatever is in it is whole. */
export interface OutputFolder {
  readonly path: string;
  /** Writes a file elsewhere in the folder and moves it to its place, one after another. @param name with slashes @throws OutputFolderError */
  write(name: string, bytes: Uint8Array | string): Promise<void>;
  /** A name that no file has yet, also where small and capital letters are one. */
  freeName(stem: string, extension: string): string;
}

/** Makes the folder where it is missing. @throws OutputFolderError */
export async function openOutputFolder(path: string): Promise<OutputFolder> {
  const entries = await failingAs(path, async () => {
    await mkdir(path, { recursive: true });
    return readdir(path);
  });
  if (entries.length > 0) throw new OutputFolderError(path, 'it is not empty; name a new folder');
  const taken = new Set<string>();
  return {
    path,
    write: (name, bytes) =>
      failingAs(path, () => writeWhole(join(path, UNFINISHED), join(path, name), bytes)),
    freeName(wanted, extension) {
      const stem = shortened(wanted);
      for (let number = 1; ; number += 1) {
        const name = `${stem}${number === 1 ? '' : `-${number}`}${extension}`;
        const key = name.normalize('NFC').toLowerCase();
        if (taken.has(key)) continue;
        taken.add(key);
        return name;
      }
    },
  };
}

/** Cuts the last part of a name. */
function shortened(stem: string): string {
  const start = stem.lastIndexOf('/') + 1;
  let last = stem.slice(start);
  while (Buffer.byteLength(last) > MAX_STEM_BYTES) last = [...last].slice(0, -1).join('');
  return stem.slice(0, start) + last;
}

async function writeWhole(part: string, path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const keep = removeAtExit(part);
  try {
    await writeFile(part, bytes);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    keep();
  }
}

async function failingAs<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new OutputFolderError(path, problemOf(error), error);
  }
}

function problemOf(error: unknown): string {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    EACCES: 'it may not be written',
    EPERM: 'it may not be written',
    EROFS: 'its disk may only be read',
    ENOSPC: 'its disk is full',
    EDQUOT: 'its disk is full',
    EEXIST: 'it, or what is above it, is no folder',
    ENOTDIR: 'it, or what is above it, is no folder',
    ELOOP: 'it is a link that leads back to itself',
  };
  return known[code] ?? `it cannot be written (${code})`;
}
