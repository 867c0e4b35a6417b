import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boxIou, nonMaxSuppression } from '../src/index.ts';

/** Whole px, so that areas and overlaps are exact. */
const anyBox = fc
  .tuple(fc.nat(60), fc.nat(60), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }))
  .map(([x, y, width, height]) => [x, y, x + width, y + height]);
const anyBoxes = fc.array(anyBox, { minLength: 1, maxLength: 12 });
/** Whether a box covers the px at [x, y]. */
const covered =
  ([left = 0, top = 0, right = 0, bottom = 0]: readonly number[]) =>
  ([x = 0, y = 0]: readonly number[]) =>
    x >= left && x < right && y >= top && y < bottom;
const flat = (rows: readonly (readonly number[])[]) => Float64Array.from(rows.flat());

describe('boxIou', () => {
  test('by hand: half, a seventh, none, touching, inside, empty', () => {
    const one = flat([[0, 0, 10, 10]]);
    const others = flat([
      [0, 0, 10, 5],
      [5, 5, 15, 15],
      [20, 20, 30, 30],
      [10, 0, 20, 10],
      [2, 2, 4, 4],
      [3, 3, 3, 9],
    ]);
    expect([...boxIou(one, others)]).toEqual([0.5, 25 / 175, 0, 0, 0.04, 0]);
  });

  test('two empty boxes overlap by 0, not by NaN', () => {
    expect([...boxIou(flat([[5, 5, 5, 5]]), flat([[5, 5, 5, 5]]))]).toEqual([0]);
  });

  test('counts shared px as a picture of px does', () => {
    fc.assert(
      fc.property(anyBox, anyBox, (one, other) => {
        const pixels = Array.from({ length: 120 * 120 }, (_, i) => [i % 120, Math.floor(i / 120)]);
        const inOne = pixels.filter(covered(one));
        const shared = inOne.filter(covered(other)).length;
        const either = inOne.length + pixels.filter(covered(other)).length - shared;
        expect(boxIou(flat([one]), flat([other]))[0]).toBeCloseTo(shared / either, 12);
      }),
      { numRuns: 30 },
    );
  });

  test('is symmetric, 1 with itself, and moves with the picture', () => {
    fc.assert(
      fc.property(anyBoxes, fc.integer({ min: -50, max: 50 }), (rows, step) => {
        const boxes = flat(rows);
        const n = rows.length;
        const iou = boxIou(boxes, boxes);
        const moved = boxes.map((value) => value + step);
        expect(boxIou(moved, moved)).toEqual(iou);
        for (let i = 0; i < n; i++) {
          expect(iou[i * n + i]).toBe(1);
          for (let j = 0; j < n; j++) expect(iou[i * n + j]).toBe(iou[j * n + i]);
        }
      }),
    );
  });
});

describe('nonMaxSuppression', () => {
  test('of overlapping boxes the best stays; exactly at the threshold both do', () => {
    const boxes = flat([
      [0, 0, 10, 10],
      [0, 0, 10, 9],
      [0, 0, 10, 5],
      [50, 50, 60, 60],
    ]);
    expect(nonMaxSuppression(boxes, [0.8, 0.9, 0.7, 0.1], 0.5)).toEqual([1, 3]);
    expect(nonMaxSuppression(boxes.slice(0, 12), [0.9, 0.1, 0.8], 0.5)).toEqual([0, 2]);
  });

  test('groups do not suppress each other; of equal scores the first stays', () => {
    const same = flat([
      [0, 0, 10, 10],
      [0, 0, 10, 10],
      [0, 0, 10, 10],
    ]);
    expect(nonMaxSuppression(same, [0.5, 0.5, 0.5], 0.5)).toEqual([0]);
    expect(nonMaxSuppression(same, [0.5, 0.6, 0.5], 0.5, [1, 2, 1])).toEqual([1, 0]);
    expect(nonMaxSuppression(new Float32Array(), [], 0.5)).toEqual([]);
  });

  test('what stays does not overlap, and what went overlaps a better one that stayed', () => {
    const scored = anyBoxes.chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.array(fc.nat(5), { minLength: rows.length, maxLength: rows.length }),
        fc.constantFrom(0.3, 0.5, 0.7),
      ),
    );
    fc.assert(
      fc.property(scored, ([rows, scores, threshold]) => {
        const boxes = flat(rows);
        const n = rows.length;
        const iou = boxIou(boxes, boxes);
        const kept = nonMaxSuppression(boxes, scores, threshold);
        for (let i = 0; i < n; i++) {
          const rivals = kept.filter((j) => j !== i && iou[i * n + j]! > threshold);
          if (kept.includes(i)) expect(rivals).toEqual([]);
          else expect(rivals.some((j) => scores[j]! >= scores[i]!)).toBe(true);
        }
      }),
    );
  });

  test('names scores that do not fit', () => {
    expect(() => nonMaxSuppression(new Float32Array(8), [1], 0.5)).toThrow('2 scores');
    expect(() => boxIou(new Float32Array(7), new Float32Array(4))).toThrow(
      '[N, 4] xyxy px but got 7',
    );
  });
});
