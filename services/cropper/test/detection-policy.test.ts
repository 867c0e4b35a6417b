import { readSettings, SettingsError } from '@deepstyle/platform';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CROPPER_SETTINGS } from '../src/config.ts';
import { acceptedDetections, type Detection } from '../src/detection-policy.ts';

type Corners = [number, number, number, number];

const detection = (box: Corners, change: Partial<Detection> = {}): Detection => ({
  ...{ box, category: 'dress', categoryType: 'full', score: 0.9 },
  ...change,
});
const policy = (environment: Record<string, string> = {}) =>
  readSettings(CROPPER_SETTINGS, environment);
const accepted = (detections: Detection[], environment: Record<string, string> = {}) =>
  acceptedDetections(detections, policy(environment));

describe('which detections are garments', () => {
  test('those with boxes that are long enough on both axes: a box of one pixel is none', () => {
    const detections = [
      detection([7, 7, 8, 8]),
      detection([0, 0, 31, 100]),
      detection([0, 0, 100, 31]),
      detection([5, 5, 37, 37]),
    ];
    expect(accepted(detections).map(({ box }) => box)).toEqual([[5, 5, 37, 37]]);
  });

  test('those that the detector is certain of', () => {
    const scores = [0.49, 0.5, 0.8].map((score, i) =>
      detection([i * 100, 0, i * 100 + 50, 50], { score }),
    );
    expect(accepted(scores).map(({ score }) => score)).toEqual([0.8, 0.5]);
  });

  test('a category may ask for more or less certainty, by its own name before its type', () => {
    const coat = detection([0, 0, 50, 50], { category: 'Coat', score: 0.65 });
    const dress = detection([100, 0, 150, 50], { score: 0.65 });
    const scores = (value: string) =>
      accepted([coat, dress], { CROPPER_MIN_SCORES: value }).map(({ category }) => category);
    expect(scores('coat=0.7')).toEqual(['dress']);
    expect(scores('full=0.7')).toEqual([]);
    expect(scores('full=0.7, coat=0.6')).toEqual(['coat']);
  });

  test('those of named categories or types, where some are named', () => {
    const coat = detection([0, 0, 50, 50], { category: 'coat' });
    const shirt = detection([100, 0, 150, 50], { category: 'shirt', categoryType: 'upper' });
    const named = (value: string) =>
      accepted([coat, shirt], { CROPPER_CATEGORIES: value }).map(({ category }) => category);
    expect(named('Coat')).toEqual(['coat']);
    expect(named('upper')).toEqual(['shirt']);
    expect(named('upper,full')).toEqual(['coat', 'shirt']);
  });

  test('of two categories for one garment the more certain one', () => {
    const dress = detection([0, 0, 100, 100], { score: 0.6 });
    const coat = detection([0, 0, 100, 90], { category: 'coat', score: 0.8 });
    const beside = detection([50, 0, 150, 100], { score: 0.7 });
    expect(accepted([dress, coat, beside]).map(({ score }) => score)).toEqual([0.8, 0.7]);
  });

  test('two of the same box are one garment, also where all overlap is allowed', () => {
    const twice = [detection([0, 0, 50, 50]), detection([0, 0, 50, 50], { category: 'coat' })];
    const found = accepted(twice, { CROPPER_MAX_OVERLAP: '1' });
    expect(found.map(({ category }) => category)).toEqual(['coat']);
  });

  test('the order of the detections does not matter', () => {
    const start = fc.nat(3);
    const end = fc.integer({ min: 40, max: 43 });
    const one = fc.record({
      box: fc.tuple(start, start, end, end),
      score: fc.constantFrom(0.5, 0.9),
      category: fc.constantFrom('coat', 'dress'),
      categoryType: fc.constant('full' as const),
    });
    fc.assert(
      fc.property(
        fc.array(one, { maxLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (detections, overlap) => {
          const rules = { ...policy(), maxOverlap: overlap };
          const forwards = acceptedDetections(detections, rules);
          expect(acceptedDetections(detections.toReversed(), rules)).toEqual(forwards);
        },
      ),
    );
  });

  test('a score that is none is named when the service starts', () => {
    const read = () => policy({ CROPPER_MIN_SCORES: 'coat=0.7,dress=high' });
    expect(read).toThrow(/CROPPER_MIN_SCORES .*"dress=high"/);
    expect(read).toThrow(SettingsError);
  });
});
