import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assetPath, type Logger } from '@deepstyle/platform';
import { copyDatabaseFiles } from '../backup/snapshot.ts';
import { checkPostgresParts } from '../data-folder-parts.ts';
import { DatabaseUnavailableError } from '../errors.ts';
import type { Database, DatabaseServer } from './database.ts';
import { createFairQueue } from './fair-queue.ts';
import { checkFolderFormat, writeFolderFormat } from './folder-format.ts';
import { lockFolder } from './folder-lock.ts';
import { type MaintenanceOptions, startMaintenance } from './pglite-maintenance.ts';
import { type PgliteThread, startPgliteThread } from './pglite-thread.ts';
import { runTransaction, type Session, TRANSACTION_LIMIT_MS } from './run-transaction.ts';
import { runningTime } from './running-time.ts';
import { checkSchemaName } from './schema-name.ts';
import { quoteIdentifier } from './sql-values.ts';

export interface PgliteServerOptions {
  /** Absolute path; created where missing. Nothing else may write into it. */
  readonly folder: string;
  /** The built worker; default `dist/pglite-worker.js`. */
  readonly workerUrl?: string | URL;
  /** How often it is looked whether a table needs maintenance. Default 15 s. */
  readonly maintenanceMs?: number;
  readonly logger?: Logger | undefined;
}

// A statement cannot be cancelled from outside; one that runs for this long after its transaction's limit is ended
// with its thread, and the database recovers as after a crash.
const STUCK_STATEMENT_MS = 30_000;
const MAINTENANCE_MS = 15_000;

/**
 * One PostgreSQL in this process, on a thread of its own. It has one session: transactions of all schemas run one
 * after the other.
 *
 * @throws DataFolderInUseError, DataFolderTooNewError, DataFolderDamagedError, DatabaseUnavailableError
 */
export async function openPgliteServer(options: PgliteServerOptions): Promise<DatabaseServer> {
  const { folder, workerUrl = assetPath('dist/pglite-worker.js'), logger } = options;
  const everyMs = options.maintenanceMs ?? MAINTENANCE_MS;
  const lock = await lockFolder(folder);
  try {
    const wasUsed = checkFolderFormat(folder);
    if (wasUsed || existsSync(join(folder, 'postgres'))) checkPostgresParts(folder);
    const start = () => startPgliteThread(workerUrl, folder);
    const thread = await start();
    if (!wasUsed) writeFolderFormat(folder);
    const files = join(folder, 'postgres');
    return createServer({ start, files }, thread, { everyMs, logger }, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Rolls back what a late transaction left open; ends the thread where even that is stuck. */
async function cleanUp(thread: PgliteThread): Promise<void> {
  const stopLimit = runningTime.after(STUCK_STATEMENT_MS, () => void thread.kill());
  // The thread answers in order, so this also waits for the statement under way.
  await thread.request({ kind: 'script', text: 'ROLLBACK' }).catch(() => undefined);
  stopLimit();
}

function createServer(
  { start, files }: { readonly start: () => Promise<PgliteThread>; readonly files: string },
  first: PgliteThread,
  maintenance: Omit<MaintenanceOptions, 'acquire'>,
  onClosed: () => void,
): DatabaseServer {
  const queue = createFairQueue();
  let thread = first;
  let closing: Promise<void> | null = null;
  const isClosing = (): boolean => closing !== null;

  async function acquire(): Promise<Session> {
    if (isClosing()) throw new DatabaseUnavailableError('The embedded database is closed.');
    const release = await queue.acquire();
    try {
      if (!thread.isAlive) thread = await start();
    } catch (error) {
      release();
      throw error;
    }
    const current = thread;
    return {
      query: (text, values) => current.request({ kind: 'query', text, values }),
      script: async (text) => {
        await current.request({ kind: 'script', text });
      },
      release: (isBroken) => {
        if (isBroken) void cleanUp(current).then(release);
        else release();
      },
    };
  }

  /** Maintenance never holds up what closes. */
  async function acquireUnlessClosing(): Promise<Session | null> {
    if (isClosing()) return null;
    const session = await acquire();
    if (!isClosing()) return session;
    session.release(false);
    return null;
  }

  const endMaintenance = startMaintenance({ ...maintenance, acquire: acquireUnlessClosing });

  async function closeAll(): Promise<void> {
    endMaintenance();
    // Behind every transaction that was asked for before.
    const release = await queue.acquire();
    try {
      if (thread.isAlive) await thread.request({ kind: 'close' });
      await thread.ended;
    } finally {
      release();
      onClosed();
    }
  }

  return {
    async schema(name) {
      checkSchemaName(name);
      const database = createDatabase(name, acquire);
      await database.transaction('storage.createSchema', (tx) =>
        tx.script(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(name)}`),
      );
      return database;
    },
    async copyFiles(to) {
      const session = await acquire();
      try {
        // Nothing but a session writes, and this one now waits.
        await session.script('CHECKPOINT');
        await copyDatabaseFiles(files, to);
      } finally {
        session.release(false);
      }
    },
    close() {
      closing ??= closeAll();
      return closing;
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
