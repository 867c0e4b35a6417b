import { describe, expect, test } from '@jest/globals';
import { BELOW_LOW, BETWEEN, matchBoxes } from '../../src/model/matcher.ts';
import { torchvision } from './torchvision.ts';

const THRESHOLDS = { high: 0.6, low: 0.3, allowLowQuality: true };

describe('matching by IoU', () => {
  test.each(torchvision.matchers.map((m) => [m.allow, m] as const))(
    'with low quality matches %s equals torchvision, ties and all',
    (allow, { iou, boxes, truths, matches }) => {
      const options = { ...THRESHOLDS, allowLowQuality: allow };
      const found = matchBoxes(Float64Array.from(iou), boxes, truths, options);
      expect(Array.from(found)).toEqual(matches);
    },
  );

  test('without a ground truth everything is background', () => {
    const found = matchBoxes(new Float64Array(), 3, 0, THRESHOLDS);
    expect(Array.from(found)).toEqual([BELOW_LOW, BELOW_LOW, BELOW_LOW]);
  });

  test('a ground truth that nothing overlaps makes no box its own', () => {
    // Its largest IoU is 0, which every box ties.
    const iou = Float64Array.of(0.4, 0, 0.1, 0);
    expect(Array.from(matchBoxes(iou, 2, 2, { ...THRESHOLDS, allowLowQuality: false }))).toEqual([
      BETWEEN,
      BELOW_LOW,
    ]);
    expect(Array.from(matchBoxes(iou, 2, 2, THRESHOLDS))).toEqual([0, BELOW_LOW]);
  });
});
