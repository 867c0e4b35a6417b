import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ServiceOutbox } from '@deepstyle/service';
import {
  condemnedObjects,
  condemnObjects,
  type Database,
  type DatabaseServer,
  migrate,
  openPgliteServer,
  openPostgresServer,
  type Transaction,
} from '@deepstyle/storage';
import { describeWithServer, startPostgres, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  countRejections,
  findRunByKey,
  findRuns,
  insertRun,
  listMembers,
  listRejections,
  listRuns,
  listSourceKeys,
  type Run,
  type RunPosition,
  updateRun,
} from '../src/records.ts';
import { type LedgerPorts, recordOutcomes } from '../src/run-ledger.ts';
import { NO_CLAIMS } from '../src/sources/source-item.ts';
import { type Outcome, photoKey, sourceKey } from '../src/take-photo.ts';

const AT = new Date('2026-01-02T03:04:05.678Z');

function idOf(n: number): string {
  return n.toString(16).padStart(64, '0');
}

function photo(key: string, n: number, claims: object = {}): Outcome {
  return {
    kind: 'photo',
    key: sourceKey(key),
    name: key,
    photo: {
      id: idOf(n),
      contentType: 'image/jpeg',
      bytes: 10,
      widthPx: 20,
      heightPx: 30,
      dominantColor: '#010203',
      objectKey: photoKey(idOf(n)),
      source: key,
      claims: { ...NO_CLAIMS, ...claims },
    },
  };
}

function rejected(key: string, code: 'TRUNCATED' | 'TIMEOUT' = 'TRUNCATED'): Outcome {
  return { kind: 'rejected', key: sourceKey(key), name: key, code, reason: `${key} is broken` };
}

/** An outbox that only notes the ids; those of a transaction that is rolled back too. */
function noting(): { outbox: ServiceOutbox; ids: string[] } {
  const ids: string[] = [];
  const outbox: ServiceOutbox = {
    publish: async (_tx, _type, _data, id) => void ids.push(id ?? ''),
    publishAll: async (_tx, _type, events) => void ids.push(...events.map(({ id }) => id ?? '')),
    enqueue: async () => {},
  };
  return { outbox, ids };
}

function describeRecords(open: () => Promise<{ server: DatabaseServer; stop(): Promise<void> }>) {
  let opened: Awaited<ReturnType<typeof open>> | undefined;
  let database: Database;
  beforeAll(async () => {
    opened = await open();
    database = await opened.server.schema('scraper');
    await migrate(database, join(import.meta.dirname, '../migrations'));
  });
  afterAll(async () => {
    await opened?.server.close();
    await opened?.stop();
  });

  async function newRun(createdAt = AT): Promise<Run> {
    const id = randomUUID();
    return database.transaction('test', async (tx) => {
      await insertRun(tx, {
        id,
        idempotencyKey: id,
        season: 'FW2019',
        brand: null,
        detector: 'none',
        ganSteps: null,
        ganSkip: false,
        sources: [{ kind: 'folder', location: '/a "b" \\c' }],
        createdAt,
        requestDigest: null,
      });
      return (await findRuns(tx, [id]))[0]!;
    });
  }
  const reread = async ({ id }: Run) =>
    (await database.transaction('test', (tx) => findRuns(tx, [id])))[0]!;
  const ports = (outbox = noting().outbox): LedgerPorts => ({ database, outbox, clock: () => AT });

  test('a run is read back as it was written', async () => {
    const run = await newRun();
    expect(run).toMatchObject({
      sources: [{ kind: 'folder', location: '/a "b" \\c' }],
      state: 'RUNNING',
      expected: null,
      stored: 0,
      createdAt: AT,
      updatedAt: AT,
    });
  });

  test('a taken key writes no second run', async () => {
    const run = await newRun();
    await database.transaction('test', async (tx) => {
      const again = { ...run, id: randomUUID(), idempotencyKey: run.id, requestDigest: null };
      expect(await insertRun(tx, again)).toBe(false);
      expect((await findRunByKey(tx, run.id))?.id).toBe(run.id);
    });
  });

  test('what a run stores is kept from being swept', async () => {
    const run = await newRun();
    const [named, other] = [photoKey(idOf(91)), photoKey(idOf(92))];
    const inTx = (work: (tx: Transaction) => Promise<unknown>) =>
      database.transaction('test', work);
    await inTx((tx) => condemnObjects(tx, [named, other], AT));
    await recordOutcomes(ports(), run.id, [photo('kept', 91)]);
    expect(await inTx((tx) => condemnedObjects(tx, 'photos/', AT, 10))).toEqual([other]);
  });

  test('the first source of some bytes stores them, others are duplicates, across batches too', async () => {
    const run = await newRun();
    const { outbox, ids } = noting();
    await recordOutcomes(ports(outbox), run.id, [photo('a', 1), photo('b', 1), rejected('c')]);
    await recordOutcomes(ports(outbox), run.id, [photo('d', 1), photo('e', 2)]);
    expect(await reread(run)).toMatchObject({ stored: 2, duplicates: 2, rejected: 1 });
    expect(ids).toEqual([1, 2].map((n) => `photo.stored:${run.id}:${idOf(n)}`));
  });

  test('the same batch again changes nothing', async () => {
    const run = await newRun();
    const { outbox, ids } = noting();
    const batch = [photo('a', 3), photo('b', 3), rejected('c')];
    for (let i = 0; i < 3; i += 1) await recordOutcomes(ports(outbox), run.id, batch);
    expect(await reread(run)).toMatchObject({ stored: 1, duplicates: 1, rejected: 1 });
    expect(ids).toHaveLength(1);
  });

  test('two workers with the same sources at the same time count each once', async () => {
    const run = await newRun();
    const { outbox, ids } = noting();
    const batches = Array.from({ length: 6 }, (_, i) =>
      Array.from({ length: 20 }, (__, j) => photo(`s${i * 10 + j}`, 100 + ((i * 10 + j) % 50))),
    );
    await Promise.all(
      [...batches, ...batches.toReversed()].map((batch) =>
        recordOutcomes(ports(outbox), run.id, batch),
      ),
    );
    const { stored, duplicates } = await reread(run);
    expect([stored, stored + duplicates]).toEqual([50, 70]);
    expect(new Set(ids).size).toBe(50);
  });

  test('runs that store the same photographs at the same time do not stand in each other’s way', async () => {
    const runs = await Promise.all(Array.from({ length: 4 }, () => newRun()));
    const batch = Array.from({ length: 30 }, (_, i) => photo(`x${i}`, 200 + i));
    await Promise.all(
      runs.map(({ id }, i) => recordOutcomes(ports(), id, i % 2 ? batch : batch.toReversed())),
    );
    for (const run of runs) expect(await reread(run)).toMatchObject({ stored: 30 });
  });

  test('a closed run takes nothing more', async () => {
    const run = await newRun();
    await database.transaction('test', (tx) =>
      updateRun(tx, run.id, { state: 'DONE', updatedAt: AT }),
    );
    expect(await recordOutcomes(ports(), run.id, [photo('a', 4)])).toBe(false);
    expect(await reread(run)).toMatchObject({ stored: 0, state: 'DONE' });
  });

  test('a known photograph keeps what it says and learns what it did not', async () => {
    const [one, other] = [await newRun(), await newRun()];
    await recordOutcomes(ports(), one.id, [photo('a', 5, { category: 'coat', author: null })]);
    await recordOutcomes(ports(), other.id, [photo('b', 5, { category: 'x', author: 'Nora 👗' })]);
    const [member] = await database.transaction('test', (tx) => listMembers(tx, other.id, 9, ''));
    expect(member).toMatchObject({ category: 'coat', author: 'Nora 👗', source: 'a', bytes: 10 });
    expect(member?.createdAt).toEqual(AT);
  });

  test('members come by id, page by page', async () => {
    const run = await newRun();
    await recordOutcomes(ports(), run.id, [photo('a', 8), photo('b', 6), photo('c', 7)]);
    await database.transaction('test', async (tx) => {
      const first = await listMembers(tx, run.id, 2, '');
      expect(first.map(({ id }) => id)).toEqual([idOf(6), idOf(7)]);
      const rest = await listMembers(tx, run.id, 2, idOf(7));
      expect(rest.map(({ id }) => id)).toEqual([idOf(8)]);
    });
  });

  test('rejections come in the order of their sources, with counts by code', async () => {
    const run = await newRun();
    await recordOutcomes(ports(), run.id, [rejected('z'), rejected('b', 'TIMEOUT'), rejected('a')]);
    await database.transaction('test', async (tx) => {
      const rows = await listRejections(tx, run.id, 2);
      expect(rows.map(({ name }) => name)).toEqual(['z', 'b']);
      expect(rows[0]?.reason).toBe('z is broken');
      expect(await countRejections(tx, run.id)).toEqual([
        { code: 'TRUNCATED', count: 2 },
        { code: 'TIMEOUT', count: 1 },
      ]);
    });
  });

  test('known keys come page by page', async () => {
    const run = await newRun();
    const keys = ['a', 'b', 'c'].map(sourceKey).sort();
    await recordOutcomes(ports(), run.id, [rejected('a'), rejected('b'), photo('c', 9)]);
    await database.transaction('test', async (tx) => {
      expect(await listSourceKeys(tx, run.id, '', 2)).toEqual(keys.slice(0, 2));
      expect(await listSourceKeys(tx, run.id, keys[1]!, 2)).toEqual(keys.slice(2));
    });
  });

  test('runs come newest first, each once although they were made at the same moment', async () => {
    const later = new Date(AT.getTime() + 1);
    const made = [await newRun(later), await newRun(later), await newRun(later)];
    const seen: string[] = [];
    await database.transaction('test', async (tx) => {
      let after: RunPosition | null = null;
      for (let i = 0; i < 3; i += 1) {
        const [run]: readonly Run[] = await listRuns(tx, 1, after);
        seen.push(run!.id);
        after = run!;
      }
    });
    expect(seen).toEqual(
      made
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
  });
}

describe('records on PGlite', () => {
  describeRecords(async () => {
    const folder = await temporaryFolder();
    const server = await openPgliteServer({ folder: join(folder.path, 'database') });
    return { server, stop: folder.remove };
  });
});

describeWithServer('postgres', 'records on PostgreSQL', () => {
  describeRecords(async () => {
    const postgres = await startPostgres();
    const server = await openPostgresServer({ url: postgres.url });
    return { server, stop: () => postgres.stop() };
  });
});
