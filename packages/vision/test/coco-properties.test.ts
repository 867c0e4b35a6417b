import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type CocoAnnotation,
  type CocoBox,
  type CocoDataset,
  type CocoDetection,
  type CocoEvaluation,
  evaluateCocoBoxes,
} from '../src/index.ts';

interface Scene {
  readonly dataset: CocoDataset;
  readonly detections: readonly CocoDetection[];
}

const SIDE = 400;
const IMAGES = [3, 8, 20].map((id) => ({ id, width: SIDE, height: SIDE, file_name: `${id}.jpg` }));
const CATEGORIES = [2, 7].map((id) => ({ id, name: `category ${id}` }));

const length = fc.double({ min: 4, max: 200, noNaN: true });
const place = fc.double({ min: 0, max: 200, noNaN: true });
const box = fc.tuple(place, place, length, length);
const owner = fc.record({
  image_id: fc.constantFrom(...IMAGES.map(({ id }) => id)),
  category_id: fc.constantFrom(...CATEGORIES.map(({ id }) => id)),
});
const truths = fc.array(fc.tuple(owner, box, fc.boolean()), { maxLength: 12 }).map((rows) =>
  rows.map(
    ([own, bbox, isCrowd], i): CocoAnnotation => ({
      id: i + 1,
      ...own,
      bbox,
      area: bbox[2] * bbox[3],
      iscrowd: isCrowd && i % 4 === 0 ? 1 : 0,
    }),
  ),
);

/** Detections about truths and elsewhere; no two have one score, as ties are kept in the order of the rows. */
const scenes = truths.chain((annotations) => {
  const near = fc.tuple(fc.nat(), fc.array(fc.integer({ min: -8, max: 8 }), SIDES));
  return fc.array(fc.oneof(near, fc.tuple(owner, box)), { maxLength: 25 }).map((rows): Scene => {
    const detections = rows.map(([whose, at], i): CocoDetection => {
      const score = 1 - ((i * 7) % 29) / 30;
      const truth = typeof whose === 'number' ? annotations[whose % annotations.length] : null;
      if (truth) return { ...ownerOf(truth), bbox: moved(truth.bbox, at), score };
      return { ...ownerOf(typeof whose === 'number' ? FIRST : whose), bbox: boxOf(at), score };
    });
    return { dataset: { images: IMAGES, categories: CATEGORIES, annotations }, detections };
  });
});
const SIDES = { minLength: 4, maxLength: 4 };
const FIRST = { image_id: 3, category_id: 2 };

function ownerOf({ image_id, category_id }: { image_id: number; category_id: number }) {
  return { image_id, category_id };
}

function boxOf(at: readonly number[]): CocoBox {
  const [left = 0, top = 0, width = 0, height = 0] = at;
  return [left, top, Math.abs(width) + 1, Math.abs(height) + 1];
}

function moved(bbox: CocoBox, by: readonly number[]): CocoBox {
  return boxOf(bbox.map((value, i) => value + (by[i] ?? 0)));
}

function numbersOf({ metrics, apByIou, categories }: CocoEvaluation): number[] {
  return [...Object.values(metrics), ...apByIou, ...categories.map(({ ap }) => ap)];
}

function expectSame(one: Scene, other: Scene): void {
  const actual = numbersOf(evaluateCocoBoxes(other.dataset, other.detections));
  const expected = numbersOf(evaluateCocoBoxes(one.dataset, one.detections));
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 9);
}

describe('the numbers of a detector', () => {
  test('do not depend on the order of any rows', () => {
    fc.assert(
      fc.property(scenes, ({ dataset, detections }) => {
        const { images, categories, annotations } = dataset;
        const turned = {
          images: images.toReversed(),
          categories: categories.toReversed(),
          annotations: annotations.toReversed(),
        };
        expectSame(
          { dataset, detections },
          { dataset: turned, detections: detections.toReversed() },
        );
      }),
    );
  });

  test('do not depend on ids, as long as these keep their order', () => {
    const renumbered = <R extends CocoAnnotation | CocoDetection>(row: R): R => ({
      ...row,
      image_id: row.image_id * 10 + 1,
      category_id: row.category_id ** 2,
    });
    fc.assert(
      fc.property(scenes, ({ dataset, detections }) => {
        expectSame(
          { dataset, detections },
          {
            dataset: {
              images: IMAGES.map((image) => ({ ...image, id: image.id * 10 + 1 })),
              categories: CATEGORIES.map((category) => ({ ...category, id: category.id ** 2 })),
              annotations: dataset.annotations.map((row) => ({
                ...renumbered(row),
                id: row.id + 5,
              })),
            },
            detections: detections.map(renumbered),
          },
        );
      }),
    );
  });

  test('depend on the order of the scores only, not on their values', () => {
    fc.assert(
      fc.property(scenes, ({ dataset, detections }) => {
        const squeezed = detections.map((row) => ({ ...row, score: row.score ** 3 - 5 }));
        expectSame({ dataset, detections }, { dataset, detections: squeezed });
      }),
    );
  });

  test('are the same on every picture twice', () => {
    const twin = 1000;
    const twice = <R extends { readonly image_id: number }>(rows: readonly R[]): R[] => [
      ...rows,
      ...rows.map((row) => ({ ...row, image_id: row.image_id + twin })),
    ];
    fc.assert(
      fc.property(scenes, ({ dataset, detections }) => {
        const doubled = {
          ...dataset,
          images: [...IMAGES, ...IMAGES.map((image) => ({ ...image, id: image.id + twin }))],
          annotations: twice(dataset.annotations).map((row, i) => ({ ...row, id: i + 1 })),
        };
        expectSame({ dataset, detections }, { dataset: doubled, detections: twice(detections) });
      }),
    );
  });

  test('lie in [0, 1], or are -1, and more detections an image find no less', () => {
    fc.assert(
      fc.property(scenes, ({ dataset, detections }) => {
        const evaluation = evaluateCocoBoxes(dataset, detections);
        for (const value of numbersOf(evaluation)) {
          expect(value === -1 || (value >= 0 && value <= 1)).toBe(true);
        }
        const { ar1, ar10, ar100 } = evaluation.metrics;
        expect(ar10).toBeGreaterThanOrEqual(ar1);
        expect(ar100).toBeGreaterThanOrEqual(ar10);
      }),
    );
  });
});

describe('matching', () => {
  test('finds a truth once: of k detections of each the first is right, the others are wrong', () => {
    // Numbers that share no recall with 0, 0.01 .. 1 but the last: rounding decides whether such a one is reached.
    const truthCount = fc.constantFrom(1, 3, 7, 9, 11, 13, 17, 19);
    fc.assert(
      fc.property(truthCount, fc.integer({ min: 1, max: 5 }), (n, k) => {
        const annotations = Array.from({ length: n }, (_, i): CocoAnnotation => {
          const bbox = [10 * i, 20, 8, 8] as const;
          return { ...FIRST, id: i + 1, bbox, area: 64, iscrowd: 0 };
        });
        const detections = annotations.flatMap(({ bbox }) => Array(k).fill({ ...FIRST, bbox }));
        const scored = detections.map((row, i) => ({ ...row, score: 1 - i / 1000 }));
        const { metrics } = evaluateCocoBoxes(
          { images: IMAGES, categories: CATEGORIES, annotations },
          scored,
        );
        // Hit i (from 0) is detection i k: of i k + 1 so far, i + 1 are right. It serves recalls up to (i + 1) / n.
        const looked = Math.min(n, Math.ceil(100 / k));
        const precisions = Array.from({ length: 101 }, (_, r) => {
          const hit = Math.max(0, Math.ceil((r * n) / 100) - 1);
          return hit < looked ? (hit + 1) / (hit * k + 1) : 0;
        });
        expect(metrics.ap).toBeCloseTo(precisions.reduce((sum, value) => sum + value) / 101, 9);
      }),
    );
  });

  test('a wrong detection behind all others changes nothing, before all others it never helps', () => {
    fc.assert(
      fc.property(scenes, ({ dataset, detections }) => {
        const wrong = { ...FIRST, bbox: [380, 380, 10, 10] as const };
        const { metrics } = evaluateCocoBoxes(dataset, detections);
        const behind = evaluateCocoBoxes(dataset, [...detections, { ...wrong, score: -9 }]);
        expect(behind.metrics.ap).toBeCloseTo(metrics.ap, 9);
        const before = evaluateCocoBoxes(dataset, [{ ...wrong, score: 9 }, ...detections]);
        expect(before.metrics.ap).toBeLessThanOrEqual(metrics.ap + 1e-9);
      }),
    );
  });

  test('a crowd over a whole picture forgives what is wrong there, and takes no truth away', () => {
    fc.assert(
      fc.property(scenes, ({ dataset, detections }) => {
        const crowds = IMAGES.flatMap(({ id: image_id }) =>
          CATEGORIES.map(({ id: category_id }) => ({ image_id, category_id })),
        ).map((whose, i) => ({
          ...{ ...whose, id: 1000 + i, bbox: [-100, -100, 900, 900] as const },
          ...{ area: 810_000, iscrowd: 1 as const },
        }));
        const annotations = [...dataset.annotations, ...crowds];
        const { metrics } = evaluateCocoBoxes(dataset, detections);
        const forgiven = evaluateCocoBoxes({ ...dataset, annotations }, detections).metrics;
        expect(forgiven.ap).toBeGreaterThanOrEqual(metrics.ap - 1e-9);
        // What is found is found with precision 1, so that at most the recall is missing.
        expect(forgiven.ar100).toBeCloseTo(metrics.ar100, 9);
      }),
    );
  });
});
