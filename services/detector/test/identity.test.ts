import { expect, test } from '@jest/globals';
import { modelIdOf } from '../src/identity.ts';
import { hyperparametersFor } from '../src/training/hyperparameters.ts';

const network = { imageWidthPx: 192, imageHeightPx: 256, width: 16, batchSize: 8 };
const size = { categories: 8, images: 600, steps: 100, maxSeconds: null, seed: 1 };
const hyperparameters = hyperparametersFor(size, network);
const id = modelIdOf('dataset', 'categories', hyperparameters);

test('the id of a model is a hash that follows from dataset, labels and hyperparameters', () => {
  expect(id).toMatch(/^[0-9a-f]{64}$/);
  expect(modelIdOf('dataset', 'categories', hyperparametersFor(size, network))).toBe(id);
});

test('it does not depend on the order of keys, which a database may change', () => {
  const { seed, ...others } = hyperparameters;
  expect(modelIdOf('dataset', 'categories', { seed, ...others })).toBe(id);
});

test.each([
  ['another dataset', modelIdOf('other', 'categories', hyperparameters)],
  ['other labels', modelIdOf('dataset', 'types', hyperparameters)],
  [
    'another seed',
    modelIdOf('dataset', 'categories', hyperparametersFor({ ...size, seed: 2 }, network)),
  ],
  [
    'a limit of time',
    modelIdOf('dataset', 'categories', hyperparametersFor({ ...size, maxSeconds: 9 }, network)),
  ],
  [
    'a broader network',
    modelIdOf('dataset', 'categories', hyperparametersFor(size, { ...network, width: 32 })),
  ],
])('%s makes another model', (_, other) => {
  expect(other).not.toBe(id);
});

test('steps follow from the number of images unless they are given', () => {
  const stepsOf = (images: number) =>
    hyperparametersFor({ ...size, images, steps: null }, network).steps;
  expect([stepsOf(10), stepsOf(8_000), stepsOf(300_000)]).toEqual([900, 12_000, 90_000]);
});
