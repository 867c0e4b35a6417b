import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, migrate } from '../../src/index.ts';
import type { DatabaseHarness } from './database-contract.ts';

/** Migrations on every kind of database. */
export function describeMigrations(start: () => Promise<DatabaseHarness>): void {
  describe('migrations', () => {
    let harness: DatabaseHarness;
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let count = 0;
    beforeAll(async () => {
      harness = await start();
      folder = await temporaryFolder();
    });
    afterAll(async () => {
      await harness.stop();
      await folder.remove();
    });

    const nextSchema = (): Promise<Database> => {
      count += 1;
      return harness.server.schema(`migrated_${count}`);
    };
    const filesOf = (files: Record<string, string>): string => {
      count += 1;
      const path = join(folder.path, String(count));
      mkdirSync(path);
      for (const [name, sql] of Object.entries(files)) writeFileSync(join(path, name), sql);
      return path;
    };
    const FIRST =
      'CREATE TABLE a (id int); INSERT INTO a VALUES (1);\n-- a comment; with a semicolon\n';
    const SECOND = 'ALTER TABLE a ADD COLUMN b text;';

    test('runs what is new, in order, once; every schema has an outbox', async () => {
      const database = await nextSchema();
      const one = filesOf({ '001-first.sql': FIRST, 'README.md': 'not a migration' });
      expect(await migrate(database, one)).toEqual({ applied: ['001-first'] });
      expect(await migrate(database, one)).toEqual({ applied: [] });
      const two = filesOf({ '002-second.sql': SECOND, '001-first.sql': FIRST });
      expect(await migrate(database, two)).toEqual({ applied: ['002-second'] });
      const rows = await database.transaction('test', (tx) =>
        tx.query('SELECT a.*, (SELECT count(*)::int FROM outbox) AS waiting FROM a'),
      );
      expect(rows).toEqual([{ id: 1, b: null, waiting: 0 }]);
    });

    test('another line ending is no change', async () => {
      const database = await nextSchema();
      await migrate(database, filesOf({ '001-first.sql': FIRST }));
      const same = filesOf({ '001-first.sql': FIRST.replaceAll('\n', '\r\n') });
      expect(await migrate(database, same)).toEqual({ applied: [] });
    });

    test('a file changed after it was applied is refused, by name', async () => {
      const database = await nextSchema();
      await migrate(database, filesOf({ '001-first.sql': FIRST }));
      await expect(
        migrate(database, filesOf({ '001-first.sql': `${FIRST} ` })),
      ).rejects.toMatchObject({
        reason: 'MIGRATION',
        message: expect.stringContaining('001-first'),
      });
    });

    test('a schema that a newer version wrote is left alone', async () => {
      const database = await nextSchema();
      await migrate(database, filesOf({ '001-first.sql': FIRST, '002-second.sql': SECOND }));
      await expect(migrate(database, filesOf({ '001-first.sql': FIRST }))).rejects.toMatchObject({
        reason: 'SCHEMA_TOO_NEW',
        message: expect.stringContaining('002-second'),
      });
    });

    test('where one of several fails, none is applied', async () => {
      const database = await nextSchema();
      const broken = filesOf({ '001-first.sql': FIRST, '002-broken.sql': 'SELEKT;' });
      await expect(migrate(database, broken)).rejects.toMatchObject({
        reason: 'MIGRATION',
        message: expect.stringContaining('002-broken'),
      });
      expect(await migrate(database, filesOf({ '001-first.sql': FIRST }))).toEqual({
        applied: ['001-first'],
      });
    });

    test.each([
      [{ '002-second.sql': SECOND }, '002-second'],
      [{ '001-a.sql': FIRST, '003-c.sql': SECOND }, '003-c'],
      [{ '001-a.sql': FIRST, '001-b.sql': SECOND }, '001-b'],
      [{ '1-first.sql': FIRST }, '1-first.sql'],
      [{ '001_First.sql': FIRST }, '001_First.sql'],
    ])('the files %j are refused before anything runs', async (files, named) => {
      const database = await nextSchema();
      await expect(migrate(database, filesOf(files))).rejects.toMatchObject({
        reason: 'MIGRATION',
        message: expect.stringContaining(named),
      });
    });

    test('a folder that is not there is named', async () => {
      const path = join(folder.path, 'nowhere');
      await expect(migrate(await nextSchema(), path)).rejects.toThrow(path);
    });

    test('several that start together apply each step once', async () => {
      const database = await nextSchema();
      const files = filesOf({ '001-first.sql': FIRST, '002-second.sql': SECOND });
      const reports = await Promise.all(Array.from({ length: 6 }, () => migrate(database, files)));
      expect(reports.flatMap((report) => report.applied)).toEqual(['001-first', '002-second']);
      expect(await database.transaction('test', (tx) => tx.query('SELECT id FROM a'))).toEqual([
        { id: 1 },
      ]);
    });
  });
}
