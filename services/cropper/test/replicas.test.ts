import { createHash, randomUUID } from 'node:crypto';
import { type DatabaseServer, openDatabaseServer } from '@deepstyle/storage';
import { describeWithServer, type PostgresServer, startPostgres } from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  garmentRecord,
  ledgerOver,
  NOTHING_LOST,
  type OpenedLedger,
  runOf,
} from './opened-ledger.ts';

const PHOTOS = 60;
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

describeWithServer('postgres', 'several croppers on one PostgreSQL', () => {
  let postgres: PostgresServer;
  let databases: DatabaseServer[];
  let replicas: Omit<OpenedLedger, 'close'>[];
  beforeAll(async () => {
    postgres = await startPostgres();
    databases = [];
    replicas = [];
    for (let index = 0; index < 3; index += 1) {
      const server = await openDatabaseServer({ dataFolder: '/nowhere', url: postgres.url });
      databases.push(server);
      replicas.push(await ledgerOver(await server.schema('cropper')));
    }
  });
  afterAll(async () => {
    for (const server of databases) await server.close();
    await postgres.stop();
  });

  test('that all handle every event of two runs announce each garment and each run once', async () => {
    const runs = [runOf(randomUUID()), runOf(randomUUID())];
    const settlements = runs.flatMap((run) =>
      Array.from({ length: PHOTOS }, (_, index) => {
        const photoId = hash(`photo ${index}`);
        const failure =
          index % 10 === 0 ? ({ stage: 'crop', reason: 'unreadable' } as const) : null;
        const garments = failure === null ? [garmentRecord(hash(`garment ${index}`), photoId)] : [];
        return { run, photoId, failure, garments };
      }),
    );
    const work = replicas.flatMap(({ ledger }, replica) => [
      ...rotated(settlements, replica * 41).map((settlement) => ledger.settle(settlement)),
      ...runs.map((run) => ledger.closeRun(run, PHOTOS, NOTHING_LOST)),
    ]);
    await Promise.all(work);
    const failures = [{ reason: 'unreadable', photos: 6 }];
    for (const run of runs) {
      const published = (await replicas[0]?.published(run.id)) ?? [];
      const ready = published.filter(({ type }) => type === 'deepstyle.garments.ready.v1');
      expect(ready.map(({ data }) => data)).toEqual([
        { run, photos: PHOTOS, failedPhotos: 6, failures, garments: 54, ...NOTHING_LOST },
      ]);
      expect(new Set(published.map(({ id }) => id)).size).toBe(published.length);
      expect(published).toHaveLength(54 + 6 + 1);
    }
  });
});

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  return [...items.slice(by), ...items.slice(0, by)];
}
