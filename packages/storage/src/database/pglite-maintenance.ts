import { describeError, type Logger } from '@deepstyle/platform';
import type { Session } from './run-transaction.ts';

// PGlite runs one process, so nothing but this does the work of autovacuum and of the checkpointer.

export interface MaintenanceOptions {
  readonly everyMs: number;
  /** Resolves to null once the database closes. */
  readonly acquire: () => Promise<Session | null>;
  readonly logger: Logger | undefined;
}

interface Overdue {
  readonly statement: string;
}

/**
 * The formulas of autovacuum and its defaults. PGlite forgets these statistics when it ends, so a table whose file has
 * outgrown its last analysis is analyzed too; that also counts its dead rows.
 */
const OVERDUE = `
  SELECT CASE
      WHEN needs_vacuum AND needs_analyze THEN 'VACUUM (ANALYZE) '
      WHEN needs_vacuum THEN 'VACUUM '
      ELSE 'ANALYZE '
    END || name AS statement
  FROM (
    SELECT
      format('%I.%I', stat.schemaname, stat.relname) AS name,
      stat.n_dead_tup > 50 + 0.2 * rows OR stat.n_ins_since_vacuum > 1000 + 0.2 * rows
        AS needs_vacuum,
      stat.n_mod_since_analyze > 50 + 0.1 * rows
        OR pg_relation_size(stat.relid) > 8192 * (2 + 1.1 * class.relpages) AS needs_analyze
    FROM pg_stat_user_tables AS stat
    JOIN pg_class AS class ON class.oid = stat.relid
    CROSS JOIN LATERAL (SELECT greatest(class.reltuples, 0) AS rows) AS known
  ) AS tables
  WHERE needs_vacuum OR needs_analyze
  UNION ALL
  SELECT 'CHECKPOINT'
  FROM pg_control_checkpoint()
  WHERE pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) > 64 * 1024 * 1024`;

/** Vacuums, analyzes and writes checkpoints by itself where enough has changed. Returns what ends that. */
export function startMaintenance({ everyMs, acquire, logger }: MaintenanceOptions): () => void {
  let isUnderWay = false;
  const maintain = async (): Promise<void> => {
    if (isUnderWay) return;
    isUnderWay = true;
    try {
      await catchUp(acquire);
    } catch (error) {
      logger?.warn({ problem: describeError(error) }, 'the embedded database was not maintained');
    } finally {
      isUnderWay = false;
    }
  };
  const timer = setInterval(() => void maintain(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Each statement takes its turn in the queue, so that transactions wait for one table at most. */
async function catchUp(acquire: MaintenanceOptions['acquire']): Promise<void> {
  const overdue = await inTurn(acquire, (session) => session.query(OVERDUE, []));
  for (const { statement } of (overdue ?? []) as Overdue[]) {
    await inTurn(acquire, (session) => session.script(statement));
  }
}

async function inTurn<T>(
  acquire: MaintenanceOptions['acquire'],
  work: (session: Session) => Promise<T>,
): Promise<T | null> {
  const session = await acquire();
  if (session === null) return null;
  try {
    return await work(session);
  } finally {
    session.release(false);
  }
}
