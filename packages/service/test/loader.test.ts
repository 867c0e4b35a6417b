import type { Database } from '@deepstyle/storage';
import { expect, test } from '@jest/globals';
import { manyByKey, oneByKey } from '../src/index.ts';

interface Row {
  readonly id: string;
  readonly owner: string;
}

const ROWS: readonly Row[] = [
  { id: 'c', owner: 'x' },
  { id: 'a', owner: 'y' },
  { id: 'b', owner: 'x' },
];

/** A table that answers in its own order, and tells which keys each statement had. */
function table(column: keyof Row) {
  const statements: (readonly string[])[] = [];
  const transactions: string[] = [];
  const database: Pick<Database, 'transaction'> = {
    transaction: (holder, work) => {
      transactions.push(holder);
      return work({} as never);
    },
  };
  const find = async (_tx: unknown, keys: readonly string[]): Promise<readonly Row[]> => {
    statements.push(keys);
    return ROWS.filter((row) => keys.includes(row[column]));
  };
  return { database: database as Database, find, statements, transactions };
}

test('many keys are one statement, in one transaction of the given name', async () => {
  const { database, find, statements, transactions } = table('id');
  const rows = oneByKey(database, 'test.rows', find, ({ id }) => id);
  await Promise.all([rows.load('a'), rows.load('b'), rows.load('a')]);
  expect(statements).toEqual([['a', 'b']]);
  expect(transactions).toEqual(['test.rows']);
});

test('each key gets its own row, whatever the order of the table', async () => {
  const { database, find } = table('id');
  const rows = oneByKey(database, 'test.rows', find, ({ id }) => id);
  expect(await rows.loadMany(['b', 'a', 'c'])).toEqual([ROWS[2], ROWS[1], ROWS[0]]);
});

test('a key without a row gets null', async () => {
  const { database, find } = table('id');
  const rows = oneByKey(database, 'test.rows', find, ({ id }) => id);
  expect(await rows.loadMany(['a', 'z'])).toEqual([ROWS[1], null]);
});

test('a key with several rows gets all, as they were found', async () => {
  const { database, find, statements } = table('owner');
  const rows = manyByKey(database, 'test.rows', find, ({ owner }) => owner);
  expect(await rows.loadMany(['x', 'y'])).toEqual([[ROWS[0], ROWS[2]], [ROWS[1]]]);
  expect(statements).toHaveLength(1);
});

test('of several rows a key without any gets an empty list', async () => {
  const { database, find } = table('owner');
  const rows = manyByKey(database, 'test.rows', find, ({ owner }) => owner);
  expect(await rows.load('z')).toEqual([]);
});

test('a statement that fails fails all its keys', async () => {
  const { database } = table('id');
  const failing = () => Promise.reject(new Error('no table'));
  const rows = oneByKey<Row>(database, 'test.rows', failing, ({ id }) => id);
  const results = await Promise.allSettled([rows.load('a'), rows.load('b')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
