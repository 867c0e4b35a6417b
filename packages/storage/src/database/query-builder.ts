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
   * `INSERT INTO table` of these columns of many rows, to be completed and executed. One parameter carries all rows, so
   * that a statement has the same text and no limit, however many there are.
   */
  readonly insertRows: <
    Name extends keyof Tables & string,
    Column extends keyof Insertable<Tables[Name]> & string,
  >(
    tx: Transaction,
    table: Name,
    columns: readonly Column[],
    rows: readonly Pick<Insertable<Tables[Name]>, Column>[],
  ) => InsertQueryBuilder<Tables, Name, InsertResult>;
  /** Rows with these columns of a table, as something to select from or to join; one parameter. */
  readonly recordset: <
    Name extends keyof Tables & string,
    Column extends keyof Insertable<Tables[Name]> & keyof Selectable<Tables[Name]> & string,
    Alias extends string,
  >(
    table: Name,
    columns: readonly Column[],
    rows: readonly Pick<Insertable<Tables[Name]>, Column>[],
    alias: Alias,
  ) => AliasedRawBuilder<Pick<Selectable<Tables[Name]>, Column>, Alias>;
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
    recordset: (table, columns, rows, alias) => populated<never>(table, columns, rows).as(alias),
    insertRows: (tx, table, columns, rows) =>
      db(tx)
        .insertInto(table)
        // Kysely's own type for this list is conditional on the table, which is not known here.
        .columns(columns as never)
        .expression(
          sql`select ${sql.join(columns.map((name) => sql.ref(name)))} from ${populated(table, columns, rows)}`,
        ),
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

function populated<Row>(
  table: string,
  columns: readonly string[],
  rows: readonly object[],
): RawBuilder<Row> {
  const names = new Map(columns.map((column) => [column, COLUMN_NAMES.toSql(column)]));
  const named = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).flatMap(([column, value]) => {
        const name = names.get(column);
        return name === undefined ? [] : [[name, value]];
      }),
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
