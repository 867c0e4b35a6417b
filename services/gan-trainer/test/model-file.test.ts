import { createRandom, encodeCheckpoint } from '@deepstyle/engine';
import { CheckpointDamagedError, countParameters } from '@deepstyle/training';
import { describe, expect, test } from '@jest/globals';
import { compileGenerator } from '../src/model/evaluation.ts';
import { initialDiscriminator, initialGenerator } from '../src/model/initialization.ts';
import { decodeModel, encodeModel } from '../src/model-file.ts';
import { exportGenerator } from '../src/training/finish-model.ts';
import { START } from '../src/training/train-networks.ts';
import { hyperparameters, drawnModel as model, state } from './drawn-model.ts';

describe('a model file', () => {
  test('gives back networks, statistics, features and garments', () => {
    expect(decodeModel(encodeModel(model), 'key')).toEqual(model);
  });

  test('that is a checkpoint is refused', () => {
    expect(() => decodeModel(encodeCheckpoint(state, START), 'key')).toThrow(
      CheckpointDamagedError,
    );
  });
});

test('a DCGAN of the usual size has the parameters of the reference implementation', () => {
  const generator = initialGenerator(createRandom(1), 100, 64);
  const discriminator = initialDiscriminator(createRandom(1), 64);
  // PyTorch's tutorial: G 3,576,704 and D 2,765,568; ours have biases at the image side: 3 in G, 64 and 1 in D.
  expect(countParameters(generator)).toBe(3_576_704 + 3);
  expect(countParameters({ generator, discriminator })).toBe(3_576_707 + 2_765_568 + 65);
});

test('the exported generator is an ONNX file that names its model', () => {
  const bytes = Buffer.from(exportGenerator(model, 'the-model'));
  expect(bytes.includes('the-model')).toBe(true);
  expect(bytes.includes('latents')).toBe(true);
});

test('the generator in evaluation mode takes any number of latents, each by itself', async () => {
  const generator = await compileGenerator(hyperparameters, { inProcess: true, threads: 1 });
  const latents = createRandom(3).normal(53 * hyperparameters.latentSize);
  const all = await generator.run(model.generator, model.generatorStatistics, latents);
  expect(all).toHaveLength(53 * 64 * 64 * 3);
  const last = await generator.run(
    model.generator,
    model.generatorStatistics,
    latents.subarray(52 * hyperparameters.latentSize),
  );
  expect(last).toEqual(all.slice(52 * 64 * 64 * 3));
  await generator.dispose();
});
