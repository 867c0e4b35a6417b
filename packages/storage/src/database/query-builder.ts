import {
  type AliasedRawBuilder,
  CamelCasePlugin,
  type CompiledQuery,
  type Driver,
  type Insertable,
  type InsertQueryBuilder,
  type InsertResult,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  type Selectable,
  sql,
} from 'kysely';
import type { SqlValue, Transaction } from './database.ts';

export { type Generated, type Insertable, type Selectable, sql, type Updateable } from 'kysely';
export { jsonBuildObject } from 'kysely/helpers/postgres';

/** Columns are `snake_case` in SQL and `camelCase` here; the inside of json values stays as it was written. */
class ColumnNames extends CamelCasePlugin {
  constructor() {
    super({ maintainNestedObjectKeys: true });
  }

  toSql(name: string): string {
    return this.snakeCase(name);
  }
}

const COLUMN_NAMES = new ColumnNames();

/** Typed statements over the tables of one service. */
export interface QueryBuilder<Tables> {
  /** The statements of a transaction. */
  readonly db: (tx: Transaction) => Kysely<Tables>;
  /**
   * `INSERT INTO table` of many rows, to be completed and executed. One parameter carries all rows, so that a statement
   * has the same text and no limit, however many there are.
   */
  readonly insertRows: <Name extends keyof Tables & string>(
    tx: Transaction,
    table: Name,
    rows: readonly Insertable<Tables[Name]>[],
  ) => InsertQueryBuilder<Tables, Name, InsertResult>;
  /** Rows with (some of) the columns of a table, as something to select from or to join; one parameter. */
  readonly recordset: <Name extends keyof Tables & string, Alias extends string>(
    table: Name,
    rows: readonly Partial<Insertable<Tables[Name]>>[],
    alias: Alias,
  ) => AliasedRawBuilder<Selectable<Tables[Name]>, Alias>;
}

/** A query builder for a service's tables, as its generated `gen/tables.ts` describes them. */
export function createQueryBuilder<Tables>(): QueryBuilder<Tables> {
  const builders = new WeakMap<Transaction, Kysely<Tables>>();
  const db = (tx: Transaction): Kysely<Tables> => {
    const known = builders.get(tx);
    if (known !== undefined) return known;
    const builder = createKysely<Tables>(tx);
    builders.set(tx, builder);
    return builder;
  };
  return {
    db,
    recordset: (table, rows, alias) =>
      populated<Selectable<Tables[typeof table]>>(table, rows).as(alias),
    insertRows: (tx, table, rows) => {
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      const from = populated(table, rows);
      // Without a row there is no column to name, and nothing to insert.
      if (columns.length === 0)
        return db(tx).insertInto(table).expression(sql`select * from ${from}`);
      const selected = sql.join(columns.map((name) => sql.ref(name)));
      return db(tx)
        .insertInto(table)
        .columns(columns as never)
        .expression(sql`select ${selected} from ${from}`);
    },
  };
}

/** `column = ANY(values)`, in one parameter: `where('id', '=', anyOf(ids))`. */
export function anyOf<T extends SqlValue>(values: readonly T[]): RawBuilder<T> {
  return sql<T>`any(${values})`;
}

/** A value for a json column. */
export function json<T>(value: T): RawBuilder<T> {
  return sql<T>`${JSON.stringify(value)}::jsonb`;
}

function populated<Row>(table: string, rows: readonly object[]): RawBuilder<Row> {
  const named = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [COLUMN_NAMES.toSql(name), value]),
    ),
  );
  return sql<Row>`jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(named)}::jsonb)`;
}

function createKysely<Tables>(tx: Transaction): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driverOf(tx),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    plugins: [COLUMN_NAMES],
  });
}

/** A driver for the statements of one transaction, which the database port begins and ends. */
function driverOf(tx: Transaction): Driver {
  const connection = {
    executeQuery: async <Row>({ sql: text, parameters }: CompiledQuery) => ({
      rows: (await tx.query(text, parameters as readonly SqlValue[])) as Row[],
    }),
    streamQuery: () => {
      throw new Error('rows are read by pages, not streamed inside a transaction');
    },
  };
  const alreadyOpen = (): Promise<never> =>
    Promise.reject(
      new Error('the transaction is open already; use the database port to begin one'),
    );
  return {
    init: async () => undefined,
    acquireConnection: async () => connection,
    beginTransaction: alreadyOpen,
    commitTransaction: alreadyOpen,
    rollbackTransaction: alreadyOpen,
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  };
}
