import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** Makes a folder that other users of the machine cannot look into, or closes one that is there. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
  closeToOthers(path, OWNER_ONLY_FOLDER);
}

/** Closes all that lies in a folder too. */
export function makeContentPrivate(folder: string): void {
  closeToOthers(folder, OWNER_ONLY_FOLDER);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeContentPrivate(path);
    else if (entry.isFile()) closeToOthers(path, OWNER_ONLY_FILE);
  }
}

function closeToOthers(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A folder of another user is that user's to close, and some file systems have no such rights.
    if (code !== 'EPERM' && code !== 'ENOSYS' && code !== 'ENOTSUP' && code !== 'ENOENT')
      throw error;
  }
}
