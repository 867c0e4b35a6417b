import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationError, SchemaTooNewError, SqlError } from '../errors.ts';
import type { Database, Transaction } from './database.ts';
import type { Migration } from './migration.ts';
import { STORAGE_TABLES } from './storage-tables.ts';

/** The migrations applied by this call, in order. */
export interface MigrationReport {
  readonly applied: readonly string[];
}

const FILE_NAME = /^(\d{3})-([a-z0-9-]+)\.sql$/;
// Rewriting a large table takes its time; nothing else waits for it but the start of the service.
const MIGRATION_LIMIT_MS = 600_000;

/** `NNN-name.sql` files of a folder, by number. @throws MigrationError */
function readMigrations(schema: string, folder: string): readonly Migration[] {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (error) {
    throw new MigrationError(schema, `the folder ${folder} cannot be read.`, error);
  }
  return names
    .filter((name) => name.endsWith('.sql'))
    .map((name) => {
      const match = FILE_NAME.exec(name);
      if (match?.[1] === undefined || match[2] === undefined) {
        throw new MigrationError(schema, `${name} should be called like 001-first-tables.sql.`);
      }
      return {
        number: Number(match[1]),
        name: match[2],
        sql: readFileSync(join(folder, name), 'utf8'),
      };
    });
}

/**
 * Brings a service's schema up to the files of `folder`, and gives it the tables that every schema has (`outbox`,
 * `migrations`). All pending steps are one transaction; processes that start together wait for each other.
 *
 * @throws SchemaTooNewError where the schema was written by a newer version; MigrationError where files are misnamed,
 *   missing, or changed after they were applied, or a statement fails (nothing is applied then)
 */
export async function migrate(database: Database, folder: string): Promise<MigrationReport> {
  return applyMigrations(database, 'service', readMigrations(database.schema, folder));
}

/** As `migrate`, with steps given as values. `origin` keeps the numbering of several owners of a schema apart. */
export async function applyMigrations(
  database: Database,
  origin: string,
  migrations: readonly Migration[],
): Promise<MigrationReport> {
  checkNumbers(database.schema, migrations);
  const applied = await database.transaction(
    'storage.migrate',
    async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `deepstyle.migrate.${database.schema}`,
      ]);
      await tx.script(`CREATE TABLE IF NOT EXISTS migrations (
        origin text NOT NULL, number integer NOT NULL, name text NOT NULL, checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (origin, number))`);
      await applyPending(tx, database.schema, 'storage', STORAGE_TABLES);
      return applyPending(tx, database.schema, origin, migrations);
    },
    { limitMs: MIGRATION_LIMIT_MS },
  );
  return { applied };
}

function checkNumbers(schema: string, migrations: readonly Migration[]): void {
  migrations.forEach((migration, index) => {
    if (migration.number === index + 1) return;
    throw new MigrationError(
      schema,
      `${label(migration)} stands where number ${index + 1} should; number them from 1 without gaps.`,
    );
  });
}

async function applyPending(
  tx: Transaction,
  schema: string,
  origin: string,
  migrations: readonly Migration[],
): Promise<string[]> {
  const present = await tx.query<{ number: number; name: string; checksum: string }>(
    'SELECT number, name, checksum FROM migrations WHERE origin = $1 ORDER BY number',
    [origin],
  );
  for (const [index, row] of present.entries()) {
    const known = migrations[index];
    if (known === undefined) throw new SchemaTooNewError(schema, label(row), migrations.length);
    if (checksum(known) !== row.checksum) {
      throw new MigrationError(
        schema,
        `${label(known)} is not what was applied as ${label(row)}. Restore the file and put the change into a new one.`,
      );
    }
  }
  const pending = migrations.slice(present.length);
  for (const migration of pending) await applyOne(tx, schema, origin, migration);
  return pending.map(label);
}

async function applyOne(
  tx: Transaction,
  schema: string,
  origin: string,
  migration: Migration,
): Promise<void> {
  try {
    await tx.script(migration.sql);
  } catch (error) {
    const said = error instanceof SqlError ? error.cause : error;
    const problem = said instanceof Error ? said.message : String(said);
    throw new MigrationError(schema, `${label(migration)} fails. ${problem}`, error);
  }
  await tx.query(
    'INSERT INTO migrations (origin, number, name, checksum) VALUES ($1, $2, $3, $4)',
    [origin, migration.number, migration.name, checksum(migration)],
  );
}

function label({ number, name }: { number: number; name: string }): string {
  return `${String(number).padStart(3, '0')}-${name}`;
}

/** Over the text with unified line ends, so that a checkout on another system changes nothing. */
function checksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql.replaceAll('\r\n', '\n')).digest('hex');
}
