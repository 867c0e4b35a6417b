import { describe, expect, test } from '@jest/globals';
import { demoResult, demoSummary } from '../src/demo/result.ts';
import type { DetectorModelView } from '../src/detector-queries.ts';
import type { RunView, StageView, TrendShareView } from '../src/run-queries.ts';

const DONE: StageView = {
  ...{ state: 'DONE', done: 1, failed: 0, expected: 1, detail: null, stalled: false },
};
const SEASONS = ['SS2025', 'FW2025', 'SS2026'];

type Shows = Parameters<typeof demoResult>[0];
type Trend = Shows['truth']['categories'][number];

function drawnShows(categories: readonly Pick<Trend, 'name' | 'shares' | 'steps'>[]): Shows {
  return {
    photos: Array.from({ length: 20 }),
    truth: { seasons: SEASONS, garments: 33, categories },
  } as unknown as Shows;
}

const share = (
  name: string,
  value: number,
  direction: 'RISING' | 'FALLING' | 'UNCHANGED' | null,
): TrendShareView => ({
  ...{ name, share: value },
  momentum: direction === null ? null : { change: 0.1, direction },
});

function run(season: string, categories: readonly TrendShareView[], found: object = {}): RunView {
  const batch = { id: season, revision: 1, momentumReason: null, previousSeason: null };
  return {
    ...{ id: `run ${season}`, season, scraping: DONE, detection: DONE, cropping: DONE },
    ...{ training: DONE, publishing: { ...DONE, updatedAt: null }, garmentCount: 10 },
    canceledAt: null,
    incomplete: null,
    photoCounts: { stored: 5, duplicates: 1, rejected: 1 },
    ...{ rejections: [], ganModel: null, collection: null },
    trendBatches: [
      { ...batch, brand: 'Aurelle', categories: [share('coat', 0.9, 'RISING')], palette: [] },
      { ...batch, brand: null, categories, palette: [] },
    ],
    ...found,
  };
}

const MODEL: DetectorModelView = {
  id: 'model',
  labels: 'CATEGORIES',
  steps: 400,
  parameters: 1_626_796,
  trainSeconds: 118.4,
  evaluation: {
    ...{ split: 'test', images: 300, ap: 0.6, ap50: 0.8, ap50ByType: 0.9 },
    categories: [],
    detectionsUrl: '/detections',
  },
};
const GAN = {
  ...{ id: 'gan', steps: 400, bestStep: 350, firstKid: 0.9, bestKid: 0.2 },
  featureSpace: 'pixel-8',
};

/** Coats rise in the last season, dresses stay. */
const SHOWS = drawnShows([
  { name: 'coat', shares: [0.1, 0.1, 0.3], steps: ['unchanged', 'rising'] },
  { name: 'dress', shares: [0.2, 0.2, 0.2], steps: ['unchanged', 'unchanged'] },
]);
const RUNS = [
  run('SS2025', [share('coat', 0.12, null), share('dress', 0.2, null)]),
  run('FW2025', [share('coat', 0.1, 'UNCHANGED'), share('dress', 0.17, 'FALLING')]),
  run('SS2026', [share('coat', 0.29, 'RISING'), share('dress', 0.2, 'UNCHANGED')], {
    ganModel: GAN,
    collection: { id: 'collection', designCount: 64 },
  }),
];

describe('the result of a demo', () => {
  const result = demoResult(SHOWS, MODEL, RUNS);

  test('sums over the seasons what was drawn and what the runs recorded', () => {
    expect(result).toMatchObject({
      photos: { drawn: 20, stored: 15, duplicates: 3, rejected: 3 },
      garments: { drawn: 33, found: 30 },
      ...{ designs: 64, collections: 1, trendBatches: 6 },
    });
  });

  test('has the detector’s record on unseen scenes, and the GAN of the last season', () => {
    expect(result.detector).toEqual({ ap: 0.6, ap50: 0.8, ap50ByType: 0.9, trainSeconds: 118.4 });
    expect(result.gan).toEqual({
      steps: 400,
      featureSpace: 'pixel-8',
      firstKid: 0.9,
      bestKid: 0.2,
    });
  });

  test('tells what was drawn and called from season to season, of all brands together', () => {
    expect(result.trend.drawn).toEqual(['SS2026 +coat']);
    expect(result.trend.called).toEqual(['FW2025 -dress', 'SS2026 +coat']);
  });

  test('has the largest error of a share in any season', () => {
    expect(result.trend.maxShareError).toBeCloseTo(0.03, 12);
  });

  test('counts a category that only one side knows with its whole share', () => {
    const unknown = demoResult(SHOWS, MODEL, [
      run('SS2025', [
        share('coat', 0.1, null),
        share('dress', 0.2, null),
        share('cape', 0.04, null),
      ]),
      ...RUNS.slice(1),
    ]);
    expect(unknown.trend.maxShareError).toBeCloseTo(0.04, 12);
    const missing = demoResult(SHOWS, MODEL, [run('SS2025', []), ...RUNS.slice(1)]);
    expect(missing.trend.maxShareError).toBeCloseTo(0.2, 12);
  });

  test('says of a demo without a GAN that there are no steps', () => {
    const { gan } = demoResult(SHOWS, MODEL, RUNS.slice(0, 2));
    expect(gan).toEqual({ steps: 0, featureSpace: null, firstKid: null, bestKid: null });
  });

  test('reads as a summary with every figure', () => {
    const text = demoSummary({ ...result, seconds: 301, peakMb: 1800 });
    for (const part of [
      '80.0 % by category',
      '90.0 % by type',
      'KID 0.9000 to 0.2000',
      '3.0 points',
    ])
      expect(text).toContain(part);
    expect(text).toContain('5 min 1 s, peak 1800 MB');
    expect(text).toContain('called      FW2025 -dress, SS2026 +coat');
  });
});
