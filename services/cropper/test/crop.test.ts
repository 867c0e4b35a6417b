import { createHash } from 'node:crypto';
import { readSettings } from '@deepstyle/platform';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CROPPER_SETTINGS } from '../src/config.ts';
import { type Box, cutBoxOf, findsOf, garmentIdOf } from '../src/crop.ts';
import type { Detection } from '../src/detection-policy.ts';

const PHOTO = 'a'.repeat(64);
const detection = (box: [number, number, number, number]): Detection => ({
  ...{ box, category: 'dress', categoryType: 'full', score: 0.9 },
});
const POLICY = readSettings(CROPPER_SETTINGS, {});

describe('finds', () => {
  test('the id of a garment is the hash of photograph, detector and box', () => {
    const expected = createHash('sha256').update(`${PHOTO}\nnone\n0,0,192,256`).digest('hex');
    expect(garmentIdOf(PHOTO, 'none', [0, 0, 192, 256])).toBe(expected);
  });

  test('come by id', () => {
    const finds = findsOf(
      PHOTO,
      'm1',
      [detection([0, 0, 50, 50]), detection([60, 0, 99, 50])],
      POLICY,
    );
    const ids = finds.map(({ garmentId }) => garmentId);
    expect(ids).toHaveLength(2);
    expect(ids).toEqual(ids.toSorted());
    expect(ids).toContain(garmentIdOf(PHOTO, 'm1', [60, 0, 99, 50]));
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
