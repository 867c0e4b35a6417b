import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { anyOf, createQueryBuilder, type Database, type Generated, json } from '../../src/index.ts';
import type { DatabaseHarness } from './database-contract.ts';

interface Tables {
  garmentNotes: {
    garmentId: string;
    box: readonly number[];
    palette: readonly { readonly hexCode: string }[] | null;
    score: number | null;
    createdAt: Date;
    attempts: Generated<number>;
  };
}

const { db, insertRows, recordset } = createQueryBuilder<Tables>();
const COLUMNS = ['garmentId', 'box', 'palette', 'score', 'createdAt'] as const;
const CREATED_AT = new Date('2026-01-02T03:04:05.678Z');

/** What statements of the query builder do, whatever database stands behind them. */
export function describeQueryBuilder(start: () => Promise<DatabaseHarness>): void {
  describe('query builder', () => {
    let harness: DatabaseHarness;
    let database: Database;
    beforeAll(async () => {
      harness = await start();
      database = await harness.server.schema('query_builder');
      await database.transaction('test', (tx) =>
        tx.script(`CREATE TABLE garment_notes (garment_id text PRIMARY KEY, box int4[] NOT NULL,
          palette jsonb, score float8, created_at timestamptz NOT NULL, attempts int4 NOT NULL DEFAULT 1)`),
      );
    });
    afterAll(() => harness.stop());

    const note = (garmentId: string) => ({
      garmentId,
      box: [1, 2, 30, 40],
      palette: [{ hexCode: '#123456' }],
      score: 0.25,
      createdAt: CREATED_AT,
    });
    const insert = (...ids: string[]) =>
      database.transaction('test', (tx) =>
        insertRows(tx, 'garmentNotes', COLUMNS, ids.map(note))
          .onConflict((conflict) => conflict.column('garmentId').doNothing())
          .execute(),
      );

    test('rows come back as they went in: arrays, json with its own keys, times, defaults', async () => {
      await insert('as-it-went');
      const row = await database.transaction('test', (tx) =>
        db(tx)
          .selectFrom('garmentNotes')
          .selectAll()
          .where('garmentId', '=', 'as-it-went')
          .executeTakeFirst(),
      );
      expect(row).toEqual({ ...note('as-it-went'), attempts: 1 });
    });

    test('a null in json stays a null of SQL', async () => {
      await database.transaction('test', (tx) =>
        insertRows(tx, 'garmentNotes', COLUMNS, [
          { ...note('nothing'), palette: null, score: null },
        ]).execute(),
      );
      const rows = await database.transaction('test', (tx) =>
        db(tx)
          .selectFrom('garmentNotes')
          .select('garmentId')
          .where('palette', 'is', null)
          .execute(),
      );
      expect(rows).toEqual([{ garmentId: 'nothing' }]);
    });

    test('more rows than a statement may have parameters are inserted by one', async () => {
      const ids = Array.from({ length: 20_000 }, (_, index) => `many-${index}`);
      await insert(...ids);
      const { count } = await database.transaction('test', (tx) =>
        db(tx)
          .selectFrom('garmentNotes')
          .select((of) => of.fn.countAll<string>().as('count'))
          .where('garmentId', 'like', 'many-%')
          .executeTakeFirstOrThrow(),
      );
      expect(count).toBe('20000');
    });

    test('what an object holds besides the columns stays out of it', async () => {
      const more = { ...note('more'), unknownColumn: 'x' };
      await database.transaction('test', (tx) =>
        insertRows(tx, 'garmentNotes', COLUMNS, [more]).execute(),
      );
      const rows = await database.transaction('test', (tx) =>
        db(tx).selectFrom('garmentNotes').select('score').where('garmentId', '=', 'more').execute(),
      );
      expect(rows).toEqual([{ score: 0.25 }]);
    });

    test('no row is no error', async () => {
      await expect(insert()).resolves.toBeDefined();
    });

    test('a conflict leaves the row that was there', async () => {
      await insert('twice');
      await insert('twice', 'twice-other');
      const rows = await database.transaction('test', (tx) =>
        db(tx)
          .selectFrom('garmentNotes')
          .select('garmentId')
          .where('garmentId', '=', anyOf(['twice', 'twice-other', 'missing']))
          .orderBy('garmentId')
          .execute(),
      );
      expect(rows).toEqual([{ garmentId: 'twice' }, { garmentId: 'twice-other' }]);
    });

    test('many rows are updated by one statement, each by its key', async () => {
      await insert('update-a', 'update-b');
      const updates = [
        { garmentId: 'update-a', attempts: 5 },
        { garmentId: 'update-b', attempts: 7 },
      ];
      const updated = await database.transaction('test', (tx) =>
        db(tx)
          .updateTable('garmentNotes')
          .from(recordset('garmentNotes', ['garmentId', 'attempts'], updates, 'given'))
          .set((of) => ({
            attempts: of.ref('given.attempts'),
            palette: json([{ hexCode: '#fff' }]),
          }))
          .whereRef('garmentNotes.garmentId', '=', 'given.garmentId')
          .returning(['garmentNotes.garmentId', 'garmentNotes.attempts', 'garmentNotes.palette'])
          .execute(),
      );
      expect(updated.sort((a, b) => a.attempts - b.attempts)).toEqual([
        { ...updates[0], palette: [{ hexCode: '#fff' }] },
        { ...updates[1], palette: [{ hexCode: '#fff' }] },
      ]);
    });

    test('a value is never read as SQL', async () => {
      const id = `'); DROP TABLE garment_notes; --`;
      await insert(id);
      const rows = await database.transaction('test', (tx) =>
        db(tx).selectFrom('garmentNotes').select('garmentId').where('garmentId', '=', id).execute(),
      );
      expect(rows).toEqual([{ garmentId: id }]);
    });
  });
}
