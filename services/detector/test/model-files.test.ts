import { createRandom } from '@deepstyle/engine';
import { describe, expect, test } from '@jest/globals';
import { foldStatistics } from '../src/model/faster-rcnn.ts';
import {
  decodeCheckpoint,
  decodeModel,
  encodeCheckpoint,
  encodeModel,
} from '../src/model-files.ts';
import { wholeSchedule } from '../src/training/schedule.ts';
import { initialState } from '../src/training/step.ts';
import { tinyHyperparameters } from './tiny-hyperparameters.ts';

const { architecture } = tinyHyperparameters();
const state = initialState(createRandom(1), tinyHyperparameters());
const other = initialState(createRandom(2), tinyHyperparameters());

describe('a checkpoint', () => {
  const position = { step: 7, seconds: 1.5, schedule: wholeSchedule(9) };
  const bytes = encodeCheckpoint(state, position);

  test('gives back every tensor and the position', () => {
    expect(decodeCheckpoint(bytes, other, 'k')).toEqual({ state, position });
  });

  test.each([
    ['cut short', bytes.subarray(0, 2000)],
    ['of another network', encodeCheckpoint({ ...state, slots: {} }, position)],
    [
      'without a position',
      encodeModel({ architecture, weights: state.weights as never, categories: [] }),
    ],
  ])('that is %s is refused with its name', (_, damaged) => {
    expect(() => decodeCheckpoint(damaged, other, 'checkpoints/x')).toThrow(/checkpoints\/x/);
  });
});

describe('a model', () => {
  const model = {
    architecture,
    weights: foldStatistics(state.weights, state.statistics),
    categories: [{ name: 'dress', type: 'full' }] as const,
  };

  test('gives back weights, architecture and categories', () => {
    expect(decodeModel(encodeModel(model), 'k')).toEqual(model);
  });

  test('that is cut short is refused with its name', () => {
    expect(() => decodeModel(encodeModel(model).subarray(0, 900), 'models/x')).toThrow(/models\/x/);
  });
});
