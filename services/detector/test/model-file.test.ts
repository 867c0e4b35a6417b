import { createRandom } from '@deepstyle/engine';
import { describe, expect, test } from '@jest/globals';
import { foldStatistics } from '../src/model/faster-rcnn.ts';
import { decodeModel, encodeModel } from '../src/model-file.ts';
import { initialState } from '../src/training/step.ts';
import { tinyHyperparameters } from './tiny-hyperparameters.ts';

const { architecture } = tinyHyperparameters();
const state = initialState(createRandom(1), tinyHyperparameters());

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
