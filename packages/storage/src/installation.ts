import type { DatabaseServer } from './database/database.ts';
import { applyMigrations } from './database/migrate.ts';
import type { Migration } from './database/migration.ts';
import type { ObjectStore } from './objects/object-store.ts';

/** One row, in a schema that all services of an installation share; it goes with every backup of the database. */
const TABLES: readonly Migration[] = [
  {
    number: 1,
    name: 'installation',
    sql: `
      CREATE TABLE installation (id uuid NOT NULL, only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row));
      INSERT INTO installation (id) VALUES (gen_random_uuid());`,
  },
];

/** Names the installation that a database holds. Processes that ask for it first, together, agree. */
export async function readInstallationId(server: DatabaseServer): Promise<string> {
  const database = await server.schema('installation');
  await applyMigrations(database, 'installation', TABLES);
  const [row] = await database.transaction('storage.installation', (tx) =>
    tx.query<{ id: string }>('SELECT id FROM installation'),
  );
  await database.close();
  return row?.id ?? '';
}

/** Marks of the installations whose objects a store holds. */
const MARKS = 'installations/';

/**
 * Puts the mark of an installation into an object store, where it is not there yet.
 *
 * @returns the marks of others: what this one knows nothing of may be theirs
 */
export async function otherInstallations(
  objects: Pick<ObjectStore, 'list' | 'put'>,
  installation: string,
): Promise<readonly string[]> {
  const own = MARKS + installation;
  const marks: string[] = [];
  for await (const { key } of objects.list(MARKS)) marks.push(key);
  if (!marks.includes(own)) await objects.put(own, Buffer.from(installation), 'text/plain');
  return marks.filter((mark) => mark !== own);
}
