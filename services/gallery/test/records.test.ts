import type { Transaction } from '@deepstyle/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type CollectionRecord,
  collectionsOfRuns,
  currentTrendBatches,
  newestCollections,
  newestTrendBatchesOfRuns,
  noteProgress,
  noteRun,
  runsById,
  saveCollection,
  saveTrendBatches,
  type TrendBatchRecord,
} from '../src/records.ts';
import { runOf } from './drawn-run.ts';
import { type OpenedGallery, openGallery } from './opened-gallery.ts';

const NOON = new Date('2026-01-02T12:00:00.123Z');
const LATER = new Date('2026-01-02T12:00:00.124Z');
const RUN = runOf('SS2026');

let opened: OpenedGallery;
beforeAll(async () => {
  opened = await openGallery();
});
beforeEach(async () => {
  await opened.empty();
  await inTransaction((tx) => noteRun(tx, RUN, NOON));
});
afterAll(() => opened.close());

const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) =>
  opened.database.transaction('test', work);

function batch(id: string, more: Partial<TrendBatchRecord>): TrendBatchRecord {
  return {
    id,
    runId: RUN.id,
    season: 'SS2026',
    seasonRank: 1,
    brand: null,
    revision: 1,
    supersedes: null,
    isCurrent: true,
    isFinal: false,
    photoCount: 1,
    garmentCount: 2,
    previousSeason: null,
    momentumReason: 'no earlier season',
    categories: [],
    palette: [],
    collectionId: null,
    publishedAt: NOON,
    incomplete: null,
    ...more,
  };
}

function collection(id: string, more: Partial<CollectionRecord> = {}): CollectionRecord {
  const { season, brand } = RUN;
  const facts = { modelId: 'gan-1', designCount: 0, createdAt: NOON };
  return { id, runId: RUN.id, season, brand, ...facts, ...more };
}

/** The ids of all pages of one row. */
async function pages<Row extends { readonly id: string }>(
  read: (tx: Transaction, after: Row | null) => Promise<readonly Row[]>,
): Promise<string[]> {
  const ids: string[] = [];
  let last: Row | null = null;
  for (;;) {
    const [row]: readonly Row[] = await inTransaction((tx) => read(tx, last));
    if (row === undefined) return ids;
    ids.push(row.id);
    last = row;
  }
}

describe('trend batches', () => {
  test('are read as they were written', async () => {
    const momentum = {
      change: 0.25,
      interval: { low: 0.1, high: 0.4 },
      adjustedP: 0.01,
      direction: 'RISING' as const,
    };
    const share = { name: 'coat', type: 'full' as const, hex: null, count: 2, share: 0.5 };
    const written = batch('one', {
      brand: 'Vastra',
      categories: [{ ...share, interval: { low: 0.1, high: 0.9 }, momentum }],
    });
    await inTransaction((tx) => saveTrendBatches(tx, [written]));
    const filter = { season: null, brand: undefined };
    const read = await inTransaction((tx) => currentTrendBatches(tx, filter, null, 2));
    expect(read).toEqual([written]);
  });

  test('page by page: the newest season first, all brands first, brands by code point', async () => {
    const newer = { season: 'FW2026', seasonRank: 2 };
    await inTransaction((tx) =>
      saveTrendBatches(tx, [
        batch('all', {}),
        batch('lower', { brand: 'aurelle' }),
        batch('upper', { brand: 'Zora' }),
        batch('newer brand', { ...newer, brand: 'Zora' }),
        batch('newer', newer),
      ]),
    );
    const all = { season: null, brand: undefined };
    expect(
      await pages<TrendBatchRecord>((tx, after) => currentTrendBatches(tx, all, after, 1)),
    ).toEqual(['newer', 'newer brand', 'all', 'upper', 'lower']);
    const ofAllBrands = { season: null, brand: null };
    expect(
      await pages<TrendBatchRecord>((tx, after) => currentTrendBatches(tx, ofAllBrands, after, 1)),
    ).toEqual(['newer', 'all']);
  });

  test('of a run are the newest of each brand, of its own season only', async () => {
    await inTransaction((tx) =>
      saveTrendBatches(tx, [batch('first', {}), batch('brand', { brand: 'Zora' })]),
    );
    await inTransaction((tx) =>
      saveTrendBatches(tx, [
        batch('second', { revision: 2, supersedes: 'first' }),
        batch('later season', { season: 'FW2026' }),
      ]),
    );
    const read = await inTransaction((tx) => newestTrendBatchesOfRuns(tx, [RUN.id]));
    expect(read.map(({ id }) => id)).toEqual(['second', 'brand']);
  });
});

describe('collections', () => {
  beforeEach(() =>
    inTransaction(async (tx) => {
      const other = { season: 'FW2026', createdAt: LATER };
      for (const one of [collection('a'), collection('c'), collection('b'), collection('d', other)])
        expect(await saveCollection(tx, one, [])).toBe(true);
      expect(await saveCollection(tx, collection('a'), [])).toBe(false);
    }),
  );

  test('page by page: the newest first, those of one moment by id', async () => {
    const read = (season: string | null) =>
      pages<CollectionRecord>((tx, after) => newestCollections(tx, season, after, 1));
    expect(await read(null)).toEqual(['d', 'c', 'b', 'a']);
    expect(await read('SS2026')).toEqual(['c', 'b', 'a']);
  });

  test('of a run are its newest one', async () => {
    const read = await inTransaction((tx) => collectionsOfRuns(tx, [RUN.id, 'another run']));
    expect(read).toEqual([collection('d', { season: 'FW2026', createdAt: LATER })]);
  });
});

test('a run keeps what a note of progress leaves out, and its end whatever is noted afterwards', async () => {
  const note = (progress: Parameters<typeof noteProgress>[2]) =>
    inTransaction((tx) => noteProgress(tx, RUN.id, progress, LATER));
  const read = () => inTransaction((tx) => runsById(tx, [RUN.id]));
  await note({ received: 3, requested: 5, detail: 'rendering' });
  await note({ state: 'DONE', detail: 'done' });
  await note({ state: 'RUNNING', received: 4, detail: 'late' });
  expect(await read()).toMatchObject([
    {
      id: RUN.id,
      garments: null,
      ganOutcome: null,
      state: 'DONE',
      received: 3,
      requested: 5,
      detail: 'done',
      updatedAt: LATER,
    },
  ]);
});
