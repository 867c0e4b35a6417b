import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  applyMigrations,
  checkDatabaseWrite,
  type Database,
  type DatabaseServer,
} from '../../src/index.ts';

export interface DatabaseHarness {
  readonly server: DatabaseServer;
  readonly stop: () => Promise<void>;
}

/** What every database does, whatever stands behind it. */
export function describeDatabase(start: () => Promise<DatabaseHarness>): void {
  describe('database contract', () => {
    let harness: DatabaseHarness;
    let database: Database;
    const run = <T extends object>(
      text: string,
      values?: Parameters<Parameters<Parameters<Database['transaction']>[1]>[0]['query']>[1],
    ) => database.transaction('test', (tx) => tx.query<T>(text, values));
    beforeAll(async () => {
      harness = await start();
      database = await harness.server.schema('contract');
      await run('CREATE TABLE notes (id int PRIMARY KEY, text text NOT NULL)');
    });
    afterAll(async () => {
      await harness.stop();
    });

    test('values go in and come out as the port says', async () => {
      const at = new Date('2024-02-29T12:34:56.789Z');
      const [row] = await run<{ timestamptz: Date }>(
        `SELECT $1::int8 AS int8, $2::numeric AS numeric, $3::int4 AS int4, $4::float8 AS float8,
           $5::boolean AS boolean, $6::timestamptz AS timestamptz, $7::bytea AS bytea, $8::jsonb AS jsonb,
           $9::text AS text, $10::date AS date, $11::timestamp AS timestamp, $12::text AS nothing`,
        [
          9007199254740993n,
          '1.10',
          7,
          0.1,
          true,
          at,
          new Uint8Array([0, 255, 39, 92]),
          JSON.stringify({ a: [1, null, 'ü'] }),
          'it\'s \\ "ü"',
          '2024-02-29',
          '2024-02-29 01:02:03',
          null,
        ],
      );
      expect(row).toEqual({
        int8: '9007199254740993',
        numeric: '1.10',
        int4: 7,
        float8: 0.1,
        boolean: true,
        timestamptz: expect.anything(),
        bytea: new Uint8Array([0, 255, 39, 92]),
        jsonb: { a: [1, null, 'ü'] },
        text: 'it\'s \\ "ü"',
        date: '2024-02-29',
        timestamp: '2024-02-29 01:02:03',
        nothing: null,
      });
      expect(row?.timestamptz.toISOString()).toBe(at.toISOString());
    });

    test('arrays keep quotes, commas, brackets, empty strings and nulls', async () => {
      const words = ['', 'NULL', 'a,b', '{x}', '"q"', '\\', ' space ', 'ü'];
      const [row] = await run(
        'SELECT $1::text[] AS words, $2::int8[] AS numbers, $3::bytea[] AS bytes, $4::text[] AS nulls, $5::int[] AS none',
        [words, [1, 9007199254740993n], [new Uint8Array([1]), new Uint8Array([])], ['a', null], []],
      );
      expect(row).toEqual({
        words,
        numbers: ['1', '9007199254740993'],
        bytes: [new Uint8Array([1]), new Uint8Array([])],
        nulls: ['a', null],
        none: [],
      });
    });

    test('any text and any bytes come back as they were, in arrays of any shape', async () => {
      // PostgreSQL has no place for the character 0 in a text.
      const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''));
      const anything = fc.record({
        texts: fc.array(fc.option(text), { maxLength: 8 }),
        bytes: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
      });
      await fc.assert(
        fc.asyncProperty(anything, async ({ texts, bytes }) => {
          const [row] = await run<{ texts: unknown; bytes: Uint8Array[] }>(
            'SELECT $1::text[] AS texts, $2::bytea[] AS bytes',
            [texts, bytes],
          );
          expect(row?.texts).toEqual(texts);
          expect(row?.bytes.map((each) => [...each])).toEqual(bytes.map((each) => [...each]));
        }),
        { numRuns: 60 },
      );
    });

    test('times are told in UTC, whatever the machine says', async () => {
      expect(await run("SELECT (timestamptz '2024-01-01T23:30:00Z')::text AS at")).toEqual([
        { at: '2024-01-01 23:30:00+00' },
      ]);
    });

    test('an error inside rolls everything back and reaches the caller as it is', async () => {
      const failure = new Error('mine');
      const attempt = database.transaction('test.fails', async (tx) => {
        await tx.query("INSERT INTO notes VALUES (1, 'lost')");
        throw failure;
      });
      await expect(attempt).rejects.toBe(failure);
      expect(await run('SELECT * FROM notes WHERE id = 1')).toEqual([]);
    });

    test('a failed statement that the caller swallows still fails the transaction', async () => {
      // PostgreSQL answers COMMIT of an aborted transaction with a silent ROLLBACK.
      const attempt = database.transaction('test.swallows', async (tx) => {
        await tx.query("INSERT INTO notes VALUES (2, 'lost')");
        await tx.query('SELECT 1 / 0').catch(() => undefined);
        return 'looks fine';
      });
      await expect(attempt).rejects.toMatchObject({ sqlState: '22012' });
      expect(await run('SELECT * FROM notes WHERE id = 2')).toEqual([]);
    });

    test('a statement that nobody awaited still belongs to its transaction', async () => {
      await database.transaction('test.forgetful', async (tx) => {
        void tx.query("INSERT INTO notes VALUES (3, 'kept')");
      });
      expect(await run('SELECT text FROM notes WHERE id = 3')).toEqual([{ text: 'kept' }]);
    });

    test('a transaction that is over takes no more statements', async () => {
      let escaped: { query(text: string): Promise<unknown> } | undefined;
      await database.transaction('test.escapes', async (tx) => {
        escaped = tx;
      });
      await expect(escaped?.query('SELECT 1')).rejects.toThrow('test.escapes is over');
    });

    test('a unique violation has a name of its own', async () => {
      await run("INSERT INTO notes VALUES (4, 'first')");
      await expect(run("INSERT INTO notes VALUES (4, 'second')")).rejects.toMatchObject({
        name: 'UniqueViolationError',
        code: 'ALREADY_EXISTS',
        constraint: 'notes_pkey',
      });
    });

    test('what PostgreSQL refuses says why and for whom', async () => {
      const attempt = database.transaction('cropper.recordGarment', (tx) => tx.query('SELEKT 1'));
      await expect(attempt).rejects.toMatchObject({
        sqlState: '42601',
        message: expect.stringContaining('cropper.recordGarment'),
      });
    });

    test('a transaction that idles too long is rolled back, and the error names its holder', async () => {
      const attempt = database.transaction(
        'cropper.forgets',
        async (tx) => {
          await tx.query("INSERT INTO notes VALUES (5, 'late')");
          await sleep(600);
          await tx.query("INSERT INTO notes VALUES (6, 'too late')");
        },
        { limitMs: 200 },
      );
      await expect(attempt).rejects.toMatchObject({
        name: 'TransactionTimeoutError',
        holder: 'cropper.forgets',
        code: 'DEADLINE_EXCEEDED',
      });
      await sleep(500);
      expect(await run('SELECT * FROM notes WHERE id IN (5, 6)')).toEqual([]);
    });

    test('a statement that runs too long ends, and others go on', async () => {
      const attempt = database.transaction('test.sleeps', (tx) => tx.query('SELECT pg_sleep(1)'), {
        limitMs: 200,
      });
      await expect(attempt).rejects.toMatchObject({ name: 'TransactionTimeoutError' });
      expect(await run('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    test('a process that is held up longer than the limit keeps its transaction', async () => {
      const standStill = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 350);
      const one = await database.transaction(
        'test.heldUp',
        async (tx) => {
          await tx.query('SELECT 1');
          standStill();
          return tx.query('SELECT 1 AS one');
        },
        { limitMs: 300 },
      );
      expect(one).toEqual([{ one: 1 }]);
    });

    test('eight writers at once lose no update', async () => {
      await run('CREATE TABLE counters (name text PRIMARY KEY, value int NOT NULL)');
      await run("INSERT INTO counters VALUES ('a', 0), ('b', 0)");
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          for (let round = 0; round < 10; round += 1) {
            await database.transaction('test.counts', async (tx) => {
              const [row] = await tx.query<{ value: number }>(
                "SELECT value FROM counters WHERE name = 'a' FOR UPDATE",
              );
              await tx.query("UPDATE counters SET value = $1 WHERE name = 'a'", [
                (row?.value ?? 0) + 1,
              ]);
            });
          }
        }),
      );
      expect(await run("SELECT value FROM counters WHERE name = 'a'")).toEqual([{ value: 80 }]);
    });

    test('two that take the same rows in opposite order both get through', async () => {
      const touch = (first: string, second: string) =>
        database.transaction('test.crosses', async (tx) => {
          await tx.query('UPDATE counters SET value = value + 1 WHERE name = $1', [first]);
          await sleep(50);
          await tx.query('UPDATE counters SET value = value + 1 WHERE name = $1', [second]);
        });
      await run('UPDATE counters SET value = 0');
      await Promise.all([touch('a', 'b'), touch('b', 'a')]);
      expect(await run('SELECT value FROM counters')).toEqual([{ value: 2 }, { value: 2 }]);
    });

    test('schemas do not see each other’s tables', async () => {
      const other = await harness.server.schema('contract_other');
      await expect(
        other.transaction('test.peeks', (tx) => tx.query('SELECT * FROM notes')),
      ).rejects.toMatchObject({ sqlState: '42P01' });
      await other.transaction('test', (tx) => tx.query('CREATE TABLE notes (id int)'));
      expect((await harness.server.schema('contract_other')).schema).toBe('contract_other');
    });

    test('one schema opened many times at once is made once', async () => {
      const opened = await Promise.all(
        Array.from({ length: 8 }, () => harness.server.schema('gan-trainer')),
      );
      await opened[0]?.transaction('test', (tx) => tx.query('CREATE TABLE one (id int)'));
      expect(await opened[7]?.transaction('test', (tx) => tx.query('SELECT * FROM one'))).toEqual(
        [],
      );
    });

    test.each([
      '',
      'Upper',
      'a b',
      'a"b',
      "a'; DROP SCHEMA contract",
      'pg_mine',
      '1a',
      'x'.repeat(64),
    ])('a schema cannot be called %j', async (name) => {
      await expect(harness.server.schema(name)).rejects.toMatchObject({
        reason: 'DATABASE_SETTINGS',
      });
    });

    test('checks pass; a closed schema refuses', async () => {
      await database.check();
      await applyMigrations(database, 'test', []);
      await Promise.all([checkDatabaseWrite(database), checkDatabaseWrite(database)]);
      const closed = await harness.server.schema('contract_closed');
      await closed.close();
      await expect(closed.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    });
  });
}
