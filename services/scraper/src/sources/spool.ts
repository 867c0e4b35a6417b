import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Temporary files for what is too large to be held in memory. */
export interface Spool {
  /** An empty file: written at its end, read anywhere. */
  open(): Promise<FileHandle>;
  /** Gives back the files and their space. */
  close(): Promise<void>;
}

export function createSpool(): Spool {
  const files: FileHandle[] = [];
  return {
    open: async () => {
      const file = await openNameless();
      files.push(file);
      return file;
    },
    close: async () => {
      await Promise.all(files.splice(0).map((file) => file.close()));
    },
  };
}

/**
 * A file that loses its name as soon as it is open: no other user can open it, and the system takes back its space
 * however the process ends.
 */
async function openNameless(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'deepstyle-spool-'));
  try {
    return await open(join(folder, 'spool'), 'ax+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
