import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database, openPgliteServer } from '../src/index.ts';

interface TableState {
  readonly name: string;
  readonly rows: number;
  readonly pages: number;
  readonly dead: number;
}

/** Asks until the answer is as expected; the test's own limit ends it. */
async function until<T>(ask: () => Promise<T>, isDone: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isDone(answer)) return answer;
    await sleep(20);
  }
}

const query = <Row extends object>(database: Database, text: string): Promise<Row[]> =>
  database.transaction('test', (tx) => tx.query<Row>(text));

async function stateOf(database: Database, table: string): Promise<TableState> {
  const [state] = await query<TableState>(
    database,
    `SELECT relname AS name, reltuples::int AS rows, relpages AS pages, n_dead_tup::int AS dead
     FROM pg_class JOIN pg_stat_user_tables USING (relname) WHERE relname = '${table}'`,
  );
  if (state === undefined) throw new Error(`no table ${table}`);
  return state;
}

describe('the embedded database maintains itself:', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'database');
  });
  afterEach(async () => {
    await folder.remove();
  });

  test('a table that changed much is analyzed, and the room of its dead rows is given back', async () => {
    const server = await openPgliteServer({ folder: path, maintenanceMs: 20 });
    const database = await server.schema('kept-rows');
    await query(database, 'CREATE TABLE outbox AS SELECT generate_series(1, 20000) AS n');
    const filled = await until(
      () => stateOf(database, 'outbox'),
      ({ rows }) => rows === 20_000,
    );
    expect(filled.pages).toBeGreaterThan(80);
    await query(database, 'DELETE FROM outbox');
    const emptied = await until(
      () => stateOf(database, 'outbox'),
      ({ pages }) => pages === 0,
    );
    expect(emptied).toEqual({ name: 'outbox', rows: 0, pages: 0, dead: 0 });
    await server.close();
  });

  test('a table that grew before the last start is analyzed and vacuumed after it', async () => {
    const first = await openPgliteServer({ folder: path });
    const before = await first.schema('kept');
    await query(before, 'CREATE TABLE outbox AS SELECT generate_series(1, 20000) AS n');
    await query(before, 'DELETE FROM outbox WHERE n <= 19000');
    expect((await stateOf(before, 'outbox')).rows).toBe(-1);
    await first.close();
    const second = await openPgliteServer({ folder: path, maintenanceMs: 20 });
    const after = await second.schema('kept');
    const state = await until(
      () => stateOf(after, 'outbox'),
      ({ rows, dead }) => rows === 1000 && dead === 0,
    );
    expect(state).toMatchObject({ rows: 1000, dead: 0 });
    await second.close();
  });

  test('a checkpoint is written once the log has grown', async () => {
    const server = await openPgliteServer({ folder: path, maintenanceMs: 20 });
    const database = await server.schema('kept');
    const redo = async () => {
      const rows = await query<{ lsn: string }>(
        database,
        'SELECT redo_lsn::text AS lsn FROM pg_control_checkpoint()',
      );
      return rows[0]?.lsn;
    };
    const before = await redo();
    // Each begins the next file of the log, 16 MiB further on.
    for (const n of [1, 2, 3, 4, 5]) {
      await query(database, `CREATE TABLE t${n} (n int)`);
      await query(database, 'SELECT pg_switch_wal()');
    }
    const after = await until(redo, (lsn) => lsn !== before);
    expect(after).not.toBe(before);
    await server.close();
  });

  test('nothing is begun while it closes, and transactions go on between the tables', async () => {
    const server = await openPgliteServer({ folder: path, maintenanceMs: 1 });
    const database = await server.schema('kept');
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) {
      await query(database, `CREATE TABLE t${n} AS SELECT generate_series(1, 2000) AS n`);
    }
    const last = query(database, 'INSERT INTO t1 VALUES (0)');
    await Promise.all([last, server.close()]);
    const again = await openPgliteServer({ folder: path });
    const kept = await again.schema('kept');
    expect(await query(kept, 'SELECT count(*)::int AS count FROM t1')).toEqual([{ count: 2001 }]);
    await again.close();
  });
});
