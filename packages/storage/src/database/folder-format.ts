import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolderDamagedError, DataFolderTooNewError } from '../errors.ts';

/** Counts the ways in which a data folder was ever laid out. Raise it with a step that converts the one before. */
const DATA_FOLDER_FORMAT = 1;

/**
 * Checks the format of a folder. False where it has none: the folder never held a whole database.
 *
 * @throws DataFolderTooNewError, DataFolderDamagedError
 */
export function checkFolderFormat(folder: string): boolean {
  let found: unknown;
  try {
    const text = readFileSync(join(folder, 'format.json'), 'utf8');
    found = (JSON.parse(text) as { format?: unknown }).format;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new DataFolderDamagedError(folder, 'format.json cannot be read', error);
  }
  if (typeof found !== 'number' || !Number.isInteger(found)) {
    throw new DataFolderDamagedError(folder, 'format.json is no format');
  }
  if (found > DATA_FOLDER_FORMAT) {
    throw new DataFolderTooNewError(folder, found, DATA_FOLDER_FORMAT);
  }
  return true;
}

/** Marks a folder as one with a whole database: from then on a missing part is damage. */
export function writeFolderFormat(folder: string): void {
  const path = join(folder, 'format.json');
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeFileSync(file, `${JSON.stringify({ format: DATA_FOLDER_FORMAT })}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}
