/** Training by TensorFlow's kernels, beside onnxruntime. */
import { randomUUID } from 'node:crypto';
import { flattenTree, type HostTensor, type Tree } from '@deepstyle/engine';
import { describeWithTfjsNode } from '@deepstyle/testkit';
import { compileTraining, type EngineOptions } from '@deepstyle/training';
import { beforeAll, expect, test } from '@jest/globals';
import { batchAt, IMAGE_VALUES } from '../src/training/batches.ts';
import { hyperparametersFor, scalarsAt } from '../src/training/hyperparameters.ts';
import { batchSpec, createStep, initialState, LOSSES } from '../src/training/step.ts';
import { runOf, storeGarments } from './drawn-garments.ts';
import { runTrainer, startCropper } from './running-trainer.ts';

const hyperparameters = hyperparametersFor(
  6,
  { width: 2, batchSize: 4, maxSeconds: 60, heldOut: 0 },
  20,
);
const images = {
  count: 6,
  data: Uint8Array.from({ length: 6 * IMAGE_VALUES }, (_, index) => (index * 37) % 256),
};

async function firstStep(options: EngineOptions) {
  const state = initialState(hyperparameters);
  const spec = { state, batch: batchSpec(hyperparameters) };
  const compiled = await compileTraining(createStep(hyperparameters), spec, options);
  const { rate, keep } = scalarsAt(0, 20, hyperparameters);
  const scalars = { rate: Float32Array.of(rate), keep: Float32Array.of(keep) };
  const losses = await compiled.run({ ...batchAt(images, hyperparameters, 0), ...scalars });
  const after = await compiled.readState();
  await compiled.dispose();
  return {
    losses: LOSSES.map((name) => losses[name]?.data[0] ?? Number.NaN),
    state: flattenTree<HostTensor>(after as unknown as Tree<HostTensor>),
  };
}

/** Largest difference, as a part of the largest element. */
function relativeDistance(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  const largest = Math.max(...Array.from(theirs, Math.abs));
  return Math.max(...Array.from(ours, (x, i) => Math.abs(x - (theirs[i] ?? Number.NaN)))) / largest;
}

describeWithTfjsNode('a step by tfjs-node', () => {
  let ours: Awaited<ReturnType<typeof firstStep>>;
  let reference: typeof ours;
  beforeAll(async () => {
    reference = await firstStep({ inProcess: true, threads: 1 });
    ours = await firstStep({ device: 'tfjs-node' });
  });

  test('has the losses of onnxruntime', () => {
    for (const [i, loss] of ours.losses.entries()) {
      expect(Math.abs(loss - (reference.losses[i] ?? Number.NaN))).toBeLessThan(1e-4);
    }
  });

  // Adam's first step is the learning rate towards the sign of the gradient, whatever its size: rounding may turn it where
  // a gradient is next to nothing. The first moments are the gradients but for a factor.
  test('has the gradients of onnxruntime in every weight of both networks', () => {
    const moments = Object.keys(reference.state).filter((name) => name.includes('Slots.m.'));
    expect(moments.length).toBeGreaterThan(20);
    for (const name of moments) {
      const [a, b] = [ours.state[name]?.data ?? [], reference.state[name]?.data ?? []];
      expect([name, relativeDistance(a, b) < 1e-4]).toEqual([name, true]);
    }
  });

  test('moves no weight farther from onnxruntime’s than Adam’s first step can', () => {
    for (const [name, { data }] of Object.entries(reference.state)) {
      if (name.includes('Slots.')) continue;
      const differences = Array.from(data, (x, i) =>
        Math.abs(x - (ours.state[name]?.data[i] ?? 9)),
      );
      expect(Math.max(...differences)).toBeLessThanOrEqual(2.01 * hyperparameters.learningRate);
    }
  });
});

describeWithTfjsNode('the service on tfjs-node', () => {
  test('trains a model and renders designs from it', async () => {
    const cropper = await startCropper();
    const trainer = await runTrainer(cropper.address, { settings: { GAN_DEVICE: 'tfjs-node' } });
    try {
      const run = runOf(randomUUID(), { steps: 3 });
      cropper.list(run.id, await storeGarments(trainer.objects, 16));
      await trainer.garmentsReady(run, 16);
      const ready = await trainer.ready(run.id);
      expect(ready.reason).toMatch(/^trained 3 steps/);
      const request = { modelId: ready.modelId ?? '', count: 2, seed: 1, requestKey: '' };
      expect(await trainer.generate(request)).toHaveLength(2);
    } finally {
      await trainer.close();
      cropper.close();
    }
  }, 300_000);
});
