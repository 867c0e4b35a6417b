import { DeepStyleError } from '@deepstyle/platform';
import {
  DatabaseUnavailableError,
  SqlError,
  StorageFullError,
  TransactionTimeoutError,
  UniqueViolationError,
} from '../errors.ts';

/** What PostgreSQL says of a refused statement, as `pg` and PGlite hand it on. */
interface PostgresFailure extends Error {
  /** SQLSTATE, PostgreSQL manual, appendix A. */
  readonly code: string;
  readonly severity: string;
  readonly table?: string;
  readonly constraint?: string;
}

export function isPostgresFailure(error: unknown): error is PostgresFailure {
  return error instanceof Error && 'severity' in error && 'code' in error;
}

const UNIQUE_VIOLATION = '23505';
// query_canceled (statement_timeout), idle_in_transaction_session_timeout
const TIMED_OUT = new Set(['57014', '25P03']);
const DISK_FULL = '53100';
// By class: connections, resources (memory, connections), an operator's intervention (shutting down, starting), and the
// system below (input and output). A login that is refused now, as while a password is changed; and a server that takes no
// writes (read_only_sql_transaction), as a standby until it takes over.
const UNAVAILABLE = /^(08|53|57|58|28|25006$)/;

/** What a failed statement means to its caller. Whatever is no failure of the connection passes as it is. */
export function describeSqlFailure(error: unknown, holder: string, limitMs: number): Error {
  if (error instanceof DeepStyleError) return error;
  if (!isPostgresFailure(error)) {
    return new DatabaseUnavailableError('The connection to the database was lost.', error);
  }
  if (error.code === UNIQUE_VIOLATION) {
    return new UniqueViolationError(error.table ?? '', error.constraint ?? 'key', error);
  }
  if (TIMED_OUT.has(error.code)) return new TransactionTimeoutError(holder, limitMs);
  if (error.code === DISK_FULL) return new StorageFullError('the database', error);
  if (UNAVAILABLE.test(error.code)) {
    return new DatabaseUnavailableError(
      `The database is not available: ${error.message}. It is tried again.`,
      error,
    );
  }
  return new SqlError(holder, error.code, error);
}

const CONFLICTS = new Set(['40001', '40P01']);

/** Serialisation failures and deadlocks: the same transaction may succeed when it is repeated. */
export function isConflict(error: unknown): boolean {
  return error instanceof SqlError && CONFLICTS.has(error.sqlState);
}
