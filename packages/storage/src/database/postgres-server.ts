import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, type Logger } from '@deepstyle/platform';
import pg from 'pg';
import { DatabaseSettingsError, DatabaseUnavailableError } from '../errors.ts';
import type { Database, DatabaseServer } from './database.ts';
import { columnTypes } from './postgres-types.ts';
import { runTransaction, type Session, TRANSACTION_LIMIT_MS } from './run-transaction.ts';
import { checkSchemaName } from './schema-name.ts';
import { isPostgresFailure } from './sql-errors.ts';
import { quoteIdentifier } from './sql-values.ts';

export interface PostgresServerOptions {
  /** `postgres://user:password@host:5432/database`, with `?sslmode=…` where wanted. */
  readonly url: string;
  /** Connections of this process, for all its schemas. Default 10. */
  readonly maxConnections?: number;
  readonly logger?: Logger;
}

const OLDEST_VERSION = 14;
const CONNECT_MS = 5000;
// cannot_connect_now: the server recovers after a crash or has just been started.
const STARTING = '57P03';
const STARTING_MS = 15_000;

/**
 * A PostgreSQL server, 14 or newer. One pool serves all schemas: the schema is set in each transaction, which also
 * works behind a pooler that hands connections round (PgBouncer).
 *
 * @throws DatabaseSettingsError for a wrong URL, password, database or too old a server; DatabaseUnavailableError
 */
export async function openPostgresServer(options: PostgresServerOptions): Promise<DatabaseServer> {
  const where = describeUrl(options.url);
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'deepstyle',
    types: columnTypes,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => {
    options.logger?.warn({ problem: describeError(error) }, 'a database connection was lost');
  });
  try {
    await checkVersion(pool, where);
  } catch (error) {
    await pool.end().catch(() => undefined);
    throw describeConnectFailure(error, where);
  }
  return createServer(pool, where);
}

interface Place {
  readonly host: string;
  readonly database: string;
  readonly user: string;
}

/** The URL's parts that may be shown. */
function describeUrl(url: string): Place {
  try {
    const parsed = new URL(url);
    if (!/^postgres(ql)?:$/.test(parsed.protocol)) throw new TypeError(parsed.protocol);
    return {
      host: `${parsed.hostname || 'localhost'}:${parsed.port || '5432'}`,
      database: decodeURIComponent(parsed.pathname.slice(1)) || 'the default database',
      user: decodeURIComponent(parsed.username) || 'the default user',
    };
  } catch {
    throw new DatabaseSettingsError(
      'The database URL is not of the form postgres://user:password@host:5432/database.',
    );
  }
}

/** A connection of the pool; waits for a server that is starting. */
async function connectPatiently(pool: pg.Pool): Promise<pg.PoolClient> {
  const givesUpAt = Date.now() + STARTING_MS;
  for (;;) {
    try {
      return await pool.connect();
    } catch (error) {
      const isStarting = isPostgresFailure(error) && error.code === STARTING;
      if (!isStarting || Date.now() > givesUpAt) throw error;
      await sleep(100);
    }
  }
}

async function checkVersion(pool: pg.Pool, where: Place): Promise<void> {
  const client = await connectPatiently(pool);
  const { rows } = await client.query<{ version: string; number: number }>(
    "SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number",
  );
  client.release();
  const [row] = rows;
  if (row !== undefined && row.number >= OLDEST_VERSION * 10_000) return;
  throw new DatabaseSettingsError(
    `The PostgreSQL at ${where.host} is version ${row?.version ?? 'unknown'}; DeepStyle needs ${OLDEST_VERSION} or newer.`,
  );
}

/** Refusals by SQLSTATE, PostgreSQL manual, appendix A. */
const REFUSALS: Readonly<Record<string, (where: Place) => string>> = {
  '28P01': ({ user, host }) => `The database at ${host} refuses the password of ${user}.`,
  '28000': ({ user, host }) => `The database at ${host} does not let ${user} in (pg_hba.conf).`,
  '3D000': ({ database, host }) => `There is no database ${database} at ${host}. Create it first.`,
  '42501': ({ user, database, host }) =>
    `${user} lacks rights on the database ${database} at ${host}.`,
};

function describeConnectFailure(error: unknown, where: Place): Error {
  if (error instanceof DatabaseSettingsError || error instanceof DatabaseUnavailableError) {
    return error;
  }
  const refusal = isPostgresFailure(error) ? REFUSALS[error.code] : undefined;
  if (refusal !== undefined) return new DatabaseSettingsError(refusal(where), error);
  const { code, message } = error as NodeJS.ErrnoException;
  const problem = message || code || 'no answer';
  return new DatabaseUnavailableError(
    `The database at ${where.host} cannot be reached: ${problem}.`,
    error,
  );
}

/** A server that was reached before and refuses now, as while a password is changed, is away rather than set up wrong. */
function asOutage(failure: Error): Error {
  return failure instanceof DatabaseSettingsError
    ? new DatabaseUnavailableError(failure.message, failure)
    : failure;
}

function createServer(pool: pg.Pool, where: Place): DatabaseServer {
  let closing: Promise<void> | null = null;

  async function acquire(): Promise<Session> {
    if (closing !== null)
      throw new DatabaseUnavailableError('The database connections are closed.');
    let client: pg.PoolClient;
    try {
      client = await connectPatiently(pool);
    } catch (error) {
      throw asOutage(describeConnectFailure(error, where));
    }
    return createSession(client);
  }

  return {
    copyFiles: null,
    async schema(name) {
      checkSchemaName(name);
      const database = createDatabase(name, acquire);
      await createSchema(database, where);
      return database;
    },
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

function createSession(client: pg.PoolClient): Session {
  // The pool listens only to idle clients; the statement under way fails by itself.
  const onError = (): void => undefined;
  client.on('error', onError);
  return {
    query: async (text, values) => (await client.query(text, [...values])).rows as object[],
    script: async (text) => {
      await client.query(text);
    },
    release: (isBroken) => {
      client.release(isBroken);
      if (!isBroken) client.off('error', onError);
    },
  };
}

function createDatabase(schema: string, acquire: () => Promise<Session>): Database {
  let isClosed = false;
  const database: Database = {
    schema,
    async transaction(holder, work, { limitMs = TRANSACTION_LIMIT_MS } = {}) {
      if (isClosed) throw new DatabaseUnavailableError(`The schema ${schema} is closed.`);
      return runTransaction({ schema, holder, limitMs, work, acquire });
    },
    async check() {
      await database.transaction('storage.check', (tx) => tx.query('SELECT 1'));
    },
    async close() {
      isClosed = true;
    },
  };
  return database;
}

async function createSchema(database: Database, where: Place): Promise<void> {
  const name = database.schema;
  try {
    await database.transaction('storage.createSchema', async (tx) => {
      // CREATE SCHEMA IF NOT EXISTS fails where two processes do it at once.
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `deepstyle.schema.${name}`,
      ]);
      const found = await tx.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [name]);
      if (found.length === 0) await tx.script(`CREATE SCHEMA ${quoteIdentifier(name)}`);
    });
  } catch (error) {
    if ((error as { sqlState?: string }).sqlState !== '42501') throw error;
    throw new DatabaseSettingsError(
      `${where.user} may not create the schema ${name} in ${where.database} at ${where.host}. ` +
        `Grant CREATE on the database, or create the schema for that user.`,
      error,
    );
  }
}
