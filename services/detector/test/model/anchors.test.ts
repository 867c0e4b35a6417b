import { describe, expect, test } from '@jest/globals';
import { allAnchors, cellAnchors } from '../../src/model/anchors.ts';
import { torchvision } from './torchvision.ts';

const { anchors: truth } = torchvision;
const ratios = [0.5, 1, 2];

describe('anchors', () => {
  test.each(truth.sizes.map((size, i) => [size, i] as const))(
    'of %i px around one cell are those of torchvision',
    (size, i) => {
      expect(Array.from(cellAnchors(size, ratios))).toEqual(truth.cells[i]);
    },
  );

  test.each([
    [32, [-23, -11, 23, 11], [-16, -16, 16, 16]],
    [512, [-362, -181, 362, 181], [-256, -256, 256, 256]],
  ])('of %i px have the half extents of the published table', (size, wide, square) => {
    expect(Array.from(cellAnchors(size, ratios)).slice(0, 8)).toEqual([...wide, ...square]);
  });

  test('of all levels come in the order of torchvision: levels, rows, cells, ratios', () => {
    const levels = truth.sizes.map((sizePx, i) => ({ sizePx, stridePx: truth.strides[i] ?? 0 }));
    expect(Array.from(allAnchors(truth, { levels, ratios }))).toEqual(truth.anchors);
  });
});
