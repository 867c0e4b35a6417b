import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  type CocoDataset,
  type CocoDetection,
  evaluateCocoBoxes,
  readCoco,
  readCocoDetections,
} from '../src/index.ts';
import { fixture } from './fixture.ts';

const hardCases = fixture<{
  dataset: CocoDataset;
  detections: CocoDetection[];
  stats: { byCategory: number[]; together: number[] };
}>('coco-hard-cases.json');

function expectMetrics(actual: object, expected: readonly number[], digits: number): void {
  const values = Object.values(actual) as number[];
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i] ?? 9, digits);
}

interface Numbers {
  readonly stats: number[];
  readonly apByIou: number[];
  /** In the order of the category ids; empty where they are not told apart. */
  readonly apByCategory: number[];
}

/** Made by make_coco_cases.py. */
const cases =
  fixture<
    {
      name: string;
      dataset: CocoDataset;
      detections: CocoDetection[];
      byCategory: Numbers;
      together: Numbers;
    }[]
  >('coco-cases.json');

describe('equals pycocotools where', () => {
  test.each(cases)('$name', ({ dataset, detections, byCategory, together }) => {
    for (const [useCategories, expected] of [
      [true, byCategory],
      [false, together],
    ] as const) {
      const actual = evaluateCocoBoxes(dataset, detections, { useCategories });
      expectMetrics(actual.metrics, expected.stats, 12);
      expectMetrics(actual.apByIou, expected.apByIou, 12);
      const byCategoryAp = actual.categories.map(({ ap }) => ap);
      expect(byCategoryAp).toHaveLength(expected.apByCategory.length);
      expectMetrics(byCategoryAp, expected.apByCategory, 12);
    }
  });
});

describe('evaluateCocoBoxes', () => {
  test('equals pycocotools on crowds, ties, sizes at the limits and empty images', () => {
    const { dataset, detections, stats } = hardCases;
    expectMetrics(evaluateCocoBoxes(dataset, detections).metrics, stats.byCategory, 12);
  });

  test('equals pycocotools where categories are not told apart', () => {
    const { dataset, detections, stats } = hardCases;
    const { metrics, categories } = evaluateCocoBoxes(dataset, detections, {
      useCategories: false,
    });
    expectMetrics(metrics, stats.together, 12);
    expect(categories).toEqual([]);
  });

  test('a perfect detector has 1 everywhere but where nothing is to be found', () => {
    const { dataset } = hardCases;
    const detections = dataset.annotations
      .filter(({ iscrowd }) => iscrowd === 0)
      .map(({ image_id, category_id, bbox }) => ({ image_id, category_id, bbox, score: 1 }));
    const { metrics, apByIou, categories } = evaluateCocoBoxes(dataset, detections);
    expect(metrics.ap).toBeCloseTo(1, 12);
    expect(metrics.ar100).toBeCloseTo(1, 12);
    expect(apByIou).toHaveLength(10);
    expect(categories.map(({ name, ap }) => [name, Math.round(ap * 1e9) / 1e9])).toEqual([
      ['upper', 1],
      ['lower', 1],
      ['full', 1],
      ['none', -1],
    ]);
  });

  test('nothing detected is 0, nothing to detect is -1', () => {
    const { dataset } = hardCases;
    expect(evaluateCocoBoxes(dataset, []).metrics).toMatchObject({ ap: 0, ar1: 0, ar100: 0 });
    const empty = { ...dataset, annotations: [] };
    expect(evaluateCocoBoxes(empty, hardCases.detections).metrics).toMatchObject({
      ap: -1,
      apSmall: -1,
      ar100: -1,
    });
  });
});

/** Real annotations, never committed; present beside a working copy that was given them. */
const REAL = new URL('../../../../shared/data/coco-fixture/', import.meta.url);
const realTest = existsSync(REAL) ? test : test.skip;

realTest(
  'equals pycocotools on 100 pictures of COCO val2014 (needs shared/data/coco-fixture)',
  () => {
    const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, REAL), 'utf8'));
    const dataset = readCoco(read('instances_val2014_100.json'));
    const results = read('instances_val2014_fakebbox100_results.json');
    const detections = readCocoDetections(results, dataset);
    const { metrics, apByIou, categories } = evaluateCocoBoxes(dataset, detections);
    // pycocotools 2.0.11, to the ten digits given.
    const expected = [
      0.5045806987, 0.6969727247, 0.572981667, 0.5856257209, 0.5193996948, 0.5013978986,
      0.3868127796, 0.5936795763, 0.5953529829, 0.6398109626, 0.5664205979, 0.5642905983,
    ];
    for (const [i, value] of Object.values(metrics).entries()) {
      expect(Math.abs(value - (expected[i] ?? 9))).toBeLessThan(1e-9);
    }
    const thresholds = [
      0.696973, 0.696973, 0.690039, 0.673088, 0.620301, 0.572982, 0.45365, 0.337879, 0.206096,
      0.097827,
    ];
    expectMetrics(apByIou, thresholds, 6);
    const named = new Map(categories.map(({ name, ap }) => [name, ap]));
    expect(named.get('person')).toBeCloseTo(0.532606, 6);
    expect(named.get('handbag')).toBeCloseTo(0.549389, 6);
    expect(named.get('tie')).toBeCloseTo(0.411386, 6);
    expect(named.get('umbrella')).toBe(0);
    expect(categories.filter(({ ap }) => ap >= 0)).toHaveLength(70);
    const together = evaluateCocoBoxes(dataset, detections, { useCategories: false });
    const expectedTogether = [
      0.595238, 0.880108, 0.667898, 0.593483, 0.60893, 0.603635, 0.090482, 0.506627, 0.678072,
      0.665848, 0.69, 0.69071,
    ];
    expectMetrics(together.metrics, expectedTogether, 6);
  },
);
