/** A value PostgreSQL accepts as a parameter. Objects and arrays for json columns are passed as JSON text. */
export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Uint8Array
  | readonly SqlValue[];

export interface Transaction {
  /**
   * One parameterised statement (`$1`…); rows as objects. Columns arrive as: int8 and numeric strings; int2, int4, float
   * numbers; timestamptz Date; date and timestamp strings as PostgreSQL prints
   * them; json the parsed value; bytea Uint8Array.
   */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly SqlValue[],
  ): Promise<Row[]>;
  /** Several statements at once, without parameters and results: migrations. */
  script(text: string): Promise<void>;
}

export interface TransactionOptions {
  /**
   * The transaction is rolled back when it is open for longer; time in which the process could not run does not count.
   * Default 5000; only migrations need more.
   */
  readonly limitMs?: number;
}

/**
 * The port to one schema of a PostgreSQL database. All work happens in short transactions: no I/O and no RPC inside
 * one. Isolation is READ COMMITTED; serialisation failures and deadlocks are retried up to 3 times, so `work` must
 * have no effect but on `tx`.
 *
 * @throws TransactionTimeoutError after 5 s, naming the holder; DatabaseUnavailableError; UniqueViolationError;
 *   SqlError for what else PostgreSQL refuses; whatever `work` throws
 */
export interface Database {
  readonly schema: string;
  /** `holder` names the use case for logs and for the time-out error, e.g. `cropper.recordGarment`. */
  transaction<T>(
    holder: string,
    work: (tx: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Opens schemas of one server (or one embedded instance); closing it closes them all. */
export interface DatabaseServer {
  /** Creates the schema where it is missing. */
  schema(name: string): Promise<Database>;
  /**
   * Copies the files of the embedded database to a folder that is not there yet, as they are between two transactions;
   * those asked for meanwhile wait. Null where a server has its own ways (pg_dump).
   */
  readonly copyFiles: ((to: string) => Promise<void>) | null;
  close(): Promise<void>;
}
