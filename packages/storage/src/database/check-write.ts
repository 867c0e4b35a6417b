import type { Database } from './database.ts';

// Of a table that every schema has. A row that another process holds is passed over: no check waits for another.
const WRITE = `
  UPDATE migrations SET applied_at = applied_at WHERE (origin, number) IN
    (SELECT origin, number FROM migrations ORDER BY origin, number LIMIT 1 FOR UPDATE SKIP LOCKED)`;
// The row finds its place on a disk that is full. Some hundred kilobytes of a temporary file do not.
const SPILL = 'SELECT count(*) FROM generate_series(1, 10000)';

/**
 * Writes what is small and leaves nothing behind.
 *
 * @throws StorageFullError, DatabaseUnavailableError (also where the server takes no writes), and what else a transaction throws
 */
export async function checkDatabaseWrite(database: Database): Promise<void> {
  await database.transaction('storage.checkWrite', async (tx) => {
    await tx.query(WRITE);
    await tx.query("SET LOCAL work_mem = '64kB'");
    await tx.query(SPILL);
  });
}
