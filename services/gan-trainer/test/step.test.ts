import {
  decodeCheckpoint,
  encodeCheckpoint,
  flattenTree,
  type HostTensor,
  type Tree,
} from '@deepstyle/engine';
import { type CompiledTraining, compileTraining } from '@deepstyle/training';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { batchAt, IMAGE_VALUES } from '../src/training/batches.ts';
import { hyperparametersFor, scalarsAt } from '../src/training/hyperparameters.ts';
import { batchSpec, createStep, initialState, type TrainingState } from '../src/training/step.ts';
import { type GanProgress, START } from '../src/training/train-networks.ts';

const hyperparameters = hyperparametersFor(
  6,
  { width: 2, batchSize: 4, maxSeconds: 60, heldOut: 0 },
  20,
);
const images = {
  count: 6,
  data: Uint8Array.from({ length: 6 * IMAGE_VALUES }, (_, index) => (index * 37) % 256),
};
type Compiled = CompiledTraining<TrainingState>;

const compile = (state: TrainingState): Promise<Compiled> =>
  compileTraining(
    createStep(hyperparameters),
    { state, batch: batchSpec(hyperparameters) },
    { inProcess: true, threads: 1 },
  );
const flat = (state: object) => flattenTree<HostTensor>(state as Tree<HostTensor>);
/** What enters a step, with `steps` in all. */
function inputsOf(step: number, steps = 20) {
  const { rate, keep } = scalarsAt(step, steps, hyperparameters);
  const batch = batchAt(images, hyperparameters, step);
  return { ...batch, rate: Float32Array.of(rate), keep: Float32Array.of(keep) };
}
const runStep = (compiled: Compiled, step: number) => compiled.run(inputsOf(step));

describe('a step on drawn data', () => {
  let compiled: Compiled;
  const before = initialState(hyperparameters);
  let after: TrainingState;
  let losses: Record<string, HostTensor>;
  beforeAll(async () => {
    compiled = await compile(before);
    losses = await runStep(compiled, 0);
    after = await compiled.readState();
  });
  afterAll(() => compiled.dispose());

  test('starts near the losses of networks that know nothing', () => {
    // Two classes, each -log 1/2, and the generator's; the first update has already moved the discriminator.
    expect(losses['discriminatorLoss']?.data[0]).toBeCloseTo(2 * Math.LN2, 0);
    expect(losses['generatorLoss']?.data[0]).toBeCloseTo(Math.LN2, 0);
  });

  test('moves every weight of both networks', () => {
    const old = flat({ generator: before.generator, discriminator: before.discriminator });
    const moved = flat({ generator: after.generator, discriminator: after.discriminator });
    for (const [name, tensor] of Object.entries(moved)) {
      expect([name, Array.from(tensor.data)]).not.toEqual([
        name,
        Array.from(old[name]?.data ?? []),
      ]);
    }
  });

  test('moves each weight by at most the learning rate, as Adam does at first', () => {
    for (const part of ['generator', 'discriminator'] as const) {
      const old = flat(before[part]);
      for (const [name, { data }] of Object.entries(flat(after[part]))) {
        const largest = Math.max(...data.map((v, i) => Math.abs(v - (old[name]?.data[i] ?? 9))));
        expect(largest).toBeLessThanOrEqual(hyperparameters.learningRate * 1.01);
      }
    }
  });

  test('moves the average a part of the way', () => {
    const keep = inputsOf(0).keep[0] ?? 0;
    const [first, next, average] = [before.generator, after.generator, after.averaged].map(
      (tree) => flat(tree)['up1.weight']?.data ?? new Float32Array(),
    ) as [Float32Array, Float32Array, Float32Array];
    for (const index of [0, 5, 17]) {
      const expected = keep * (first[index] ?? 0) + (1 - keep) * (next[index] ?? 0);
      expect(average[index]).toBeCloseTo(expected, 6);
    }
  });

  test('with a rate of nothing moves no weight', async () => {
    const still = await compile(before);
    await still.run({ ...inputsOf(0), rate: Float32Array.of(0) });
    const state = await still.readState();
    expect(flat(state.generator)).toEqual(flat(before.generator));
    expect(flat(state.discriminator)).toEqual(flat(before.discriminator));
    await still.dispose();
  });
});

test('resumed from a checkpoint equals uninterrupted, bit for bit', async () => {
  const whole = await compile(initialState(hyperparameters));
  for (let step = 0; step < 5; step++) await runStep(whole, step);
  const first = await compile(initialState(hyperparameters));
  for (let step = 0; step < 2; step++) await runStep(first, step);
  const bytes = encodeCheckpoint(await first.readState(), { ...START, step: 2 });
  const restored = decodeCheckpoint<TrainingState, GanProgress>(
    bytes,
    initialState(hyperparameters),
  );
  const second = await compile(restored.state);
  for (let step = restored.position.step; step < 5; step++) await runStep(second, step);
  expect(flat(await second.readState())).toEqual(flat(await whole.readState()));
  for (const compiled of [whole, first, second]) await compiled.dispose();
});

test('a step is made for each set of hyperparameters', () => {
  expect(createStep(hyperparameters)).not.toBe(createStep(hyperparameters));
});
