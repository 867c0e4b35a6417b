import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolderDamagedError } from './errors.ts';

// A missing part of a folder that was in use is damage. Whoever made it anew would lose what the folder held.

/** Without these PGlite makes an empty database, or ends without a word. */
const POSTGRES_PARTS = [
  'PG_VERSION',
  'postgresql.conf',
  'base',
  'global/pg_control',
  'pg_wal',
  'pg_xact',
];

/** @throws DataFolderDamagedError where the files of PostgreSQL are not all there */
export function checkPostgresParts(folder: string): void {
  for (const part of ['', ...POSTGRES_PARTS]) {
    const path = join('postgres', part);
    if (!existsSync(join(folder, path))) {
      throw new DataFolderDamagedError(folder, `${path} is missing`);
    }
  }
}

/**
 * The stores of a data folder are made in this order: `database/`, `objects/`, and then the file `signing-key`.
 *
 * @throws DataFolderDamagedError where that file is there and the part is not
 */
export function checkDataFolderPart(dataFolder: string, part: string): void {
  if (existsSync(join(dataFolder, 'signing-key')) && !existsSync(join(dataFolder, part))) {
    throw new DataFolderDamagedError(dataFolder, `${part} is missing`);
  }
}
