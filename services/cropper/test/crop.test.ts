import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Box, cutBoxOf, type Detection, findsOf, garmentIdOf } from '../src/crop.ts';

const PHOTO = 'a'.repeat(64);
const detection = (box: [number, number, number, number], score = 0.9): Detection => ({
  box,
  category: 'dress',
  categoryType: 'full',
  score,
});

describe('finds', () => {
  test('the id of a garment is the hash of photograph, detector and box', () => {
    const expected = createHash('sha256').update(`${PHOTO}\nnone\n0,0,192,256`).digest('hex');
    expect(garmentIdOf(PHOTO, 'none', [0, 0, 192, 256])).toBe(expected);
  });

  test('boxes shorter than the least side on either axis are left out', () => {
    const finds = findsOf(
      PHOTO,
      'm1',
      [detection([0, 0, 31, 100]), detection([0, 0, 100, 31]), detection([5, 5, 37, 37])],
      32,
    );
    expect(finds.map(({ box }) => box)).toEqual([[5, 5, 37, 37]]);
  });

  test('the same box twice gives one garment, the more certain one', () => {
    const [one, ...more] = findsOf(
      PHOTO,
      'm1',
      [detection([0, 0, 50, 50], 0.4), { ...detection([0, 0, 50, 50], 0.8), category: 'coat' }],
      32,
    );
    expect(more).toEqual([]);
    expect(one).toMatchObject({ category: 'coat', score: 0.8 });
  });

  test('the order of the detections does not matter', () => {
    const box = fc
      .tuple(
        fc.nat(3),
        fc.nat(3),
        fc.integer({ min: 40, max: 43 }),
        fc.integer({ min: 40, max: 43 }),
      )
      .map((values) => values as [number, number, number, number]);
    const one = fc
      .record({ box, score: fc.constantFrom(0.5, 0.9), category: fc.constantFrom('coat', 'dress') })
      .map((value) => ({ ...value, categoryType: 'full' as const }));
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), (detections) => {
        const forwards = findsOf(PHOTO, 'm1', detections, 32);
        expect(findsOf(PHOTO, 'm1', detections.toReversed(), 32)).toEqual(forwards);
      }),
    );
  });
});

describe('the box to cut', () => {
  const photo = { widthPx: 1000, heightPx: 2000 };

  test('is padded by the type of the garment', () => {
    expect(cutBoxOf([400, 400, 600, 800], 'upper', photo, 32)).toEqual([388, 380, 612, 816]);
    expect(cutBoxOf([400, 400, 600, 800], 'lower', photo, 32)).toEqual([388, 392, 612, 824]);
    expect(cutBoxOf([400, 400, 600, 800], 'full', photo, 32)).toEqual([390, 384, 610, 824]);
    expect(cutBoxOf([400, 400, 600, 800], 'other', photo, 32)).toEqual([380, 360, 620, 840]);
  });

  test('lies inside of the photograph and covers what of the box lies there, for any box', () => {
    const edge = fc.nat(3000);
    fc.assert(
      fc.property(
        fc.tuple(edge, edge, edge, edge),
        fc.constantFrom('upper', 'lower', 'full', 'other'),
        (box, type) => {
          const cut = cutBoxOf(box as Box, type, photo, 32);
          if (cut === null) return;
          const [x1, y1, x2, y2] = cut;
          expect(x1).toBeGreaterThanOrEqual(0);
          expect(y1).toBeGreaterThanOrEqual(0);
          expect(x2).toBeLessThanOrEqual(photo.widthPx);
          expect(y2).toBeLessThanOrEqual(photo.heightPx);
          expect(x2 - x1).toBeGreaterThanOrEqual(32);
          expect(y2 - y1).toBeGreaterThanOrEqual(32);
          if (box[2] < box[0] || box[3] < box[1]) return;
          expect(x1).toBeLessThanOrEqual(box[0]);
          expect(y2).toBeGreaterThanOrEqual(Math.min(box[3], photo.heightPx));
        },
      ),
    );
  });

  test('outside of the photograph there is nothing to cut', () => {
    expect(cutBoxOf([1100, 0, 1200, 100], 'upper', photo, 32)).toBeNull();
  });
});
