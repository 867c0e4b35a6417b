import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseUnavailableError, DataFolderTooNewError } from '../errors.ts';

/** Counts the ways in which a data folder was ever laid out. Raise it with a step that converts the one before. */
const DATA_FOLDER_FORMAT = 1;

/**
 * Writes the format of a new data folder, or checks that of an old one.
 *
 * @throws DataFolderTooNewError, DatabaseUnavailableError where the file is damaged
 */
export function checkFolderFormat(folder: string, known = DATA_FOLDER_FORMAT): void {
  const path = join(folder, 'format.json');
  let found: unknown;
  try {
    found = (JSON.parse(readFileSync(path, 'utf8')) as { format?: unknown }).format;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new DatabaseUnavailableError(
        `${path} cannot be read; it should hold {"format": 1}.`,
        error,
      );
    }
    const written = `${path}.new`;
    writeFileSync(written, `${JSON.stringify({ format: known })}\n`);
    renameSync(written, path);
    return;
  }
  if (typeof found !== 'number' || !Number.isInteger(found)) {
    throw new DatabaseUnavailableError(`${path} is damaged; it should hold {"format": ${known}}.`);
  }
  if (found > known) throw new DataFolderTooNewError(folder, found, known);
}
