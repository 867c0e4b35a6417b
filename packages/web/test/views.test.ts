import { beforeEach, expect, jest, test } from '@jest/globals';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import {
  COLLECTION,
  type Collection,
  DEAD_LETTERS,
  type DeadLetters,
  RUNS,
  SEASONS,
  type Seasons,
} from '../src/gen/documents.ts';

/** What the graph answers, by document. */
const answers = new Map<string, object>();
jest.unstable_mockModule('../src/graph.ts', () => ({
  useQuery: (document: string) => ({ data: answers.get(document) ?? null, error: null }),
}));
const { CollectionView } = await import('../src/views/collection.tsx');
const { RunsView } = await import('../src/views/runs.tsx');
const { SeasonsView } = await import('../src/views/seasons.tsx');

beforeEach(() => answers.clear());

const page = <T>(edges: readonly T[]) => ({
  edges: edges.map((node) => ({ node })),
  pageInfo: { hasNextPage: false },
});

test('what was given up is shown also where there is no run', () => {
  const letter: DeadLetters['deadLetters']['edges'][number]['node'] = {
    id: 'JOBS.dataset-dataset-import.1',
    service: 'dataset',
    work: 'dataset-import',
    cause: 'its payload is not JSON',
    at: '2026-03-01T12:00:00Z',
    run: null,
  };
  answers.set(RUNS, { runs: page([]) });
  answers.set(DEAD_LETTERS, { deadLetters: page([letter]) });
  const html = renderToStaticMarkup(createElement(RunsView));
  expect(html).toContain('its payload is not JSON');
  expect(html).toContain('No run yet.');
});

const REASON = '30 of 100 photographs failed (30.0 %, at most 2.0 % may).';

test.each([[REASON], [null]])(
  'the page of a collection says that it is incomplete: %s',
  (incomplete) => {
    const collection: Collection['collection'] = {
      season: 'SS2026',
      designCount: 0,
      createdAt: '2026-03-01T12:00:00Z',
      incomplete,
      model: { id: 'gan_1' },
      designs: page([]),
    };
    answers.set(COLLECTION, { collection });
    const html = renderToStaticMarkup(createElement(CollectionView, { id: 'collection_1' }));
    expect(html.includes(`Incomplete: ${REASON}`)).toBe(incomplete !== null);
    expect(html.includes('Incomplete')).toBe(incomplete !== null);
  },
);

test.each([[REASON], [null]])(
  'the page of a season says that it is incomplete: %s',
  (incomplete) => {
    const batch: Seasons['trendBatches']['edges'][number]['node'] = {
      id: 'batch_1',
      season: 'SS2026',
      brand: null,
      revision: 1,
      photoCount: 70,
      garmentCount: 60,
      previousSeason: null,
      momentumReason: 'no earlier season',
      publishedAt: '2026-03-01T12:00:00Z',
      incomplete,
      categories: [],
      palette: [],
      collection: null,
    };
    answers.set(SEASONS, { trendBatches: page([batch]) });
    const html = renderToStaticMarkup(createElement(SeasonsView));
    expect(html.includes(`Incomplete: ${REASON}`)).toBe(incomplete !== null);
    expect(html.includes('Incomplete')).toBe(incomplete !== null);
  },
);
