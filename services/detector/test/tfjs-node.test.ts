/** Training by TensorFlow's kernels, beside onnxruntime. */
import { createRandom, flattenTree, type HostTensor, type Tree } from '@deepstyle/engine';
import { describeWithTfjsNode } from '@deepstyle/testkit';
import { jobDelivery } from '@deepstyle/testkit/services';
import { compileTraining, type EngineOptions } from '@deepstyle/training';
import { beforeAll, expect, test } from '@jest/globals';
import { modelsById, trainings } from '../src/records.ts';
import { createBatches, type TrainingExample } from '../src/training/batches.ts';
import { requestTraining } from '../src/training/request-training.ts';
import { batchSpec, createStep, initialState, LOSSES } from '../src/training/step.ts';
import { trainModel } from '../src/training/train-model.ts';
import { storeDataset } from './drawn-dataset.ts';
import { openPorts } from './opened-ports.ts';
import { tinyHyperparameters } from './tiny-hyperparameters.ts';

const hyperparameters = tinyHyperparameters();
const { width, height } = hyperparameters.architecture.image;

function example(index: number): TrainingExample {
  const factor = 31 * (index + 1);
  return {
    image: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * factor) % 256),
    boxes: Float32Array.of(8, 8, 40, 44, 20, 4, 60, 60),
    labels: Int32Array.of(1, 2),
  };
}

async function firstStep(options: EngineOptions) {
  const state = initialState(createRandom(1), hyperparameters);
  const spec = { state, batch: batchSpec(hyperparameters) };
  const compiled = await compileTraining(createStep(hyperparameters), spec, options);
  const batch = await createBatches({ count: 4, load: example }, hyperparameters)(0);
  const losses = await compiled.run({ ...batch, learningRate: Float32Array.of(1e-3) });
  const after = await compiled.readState();
  await compiled.dispose();
  return {
    losses: LOSSES.map((name) => losses[name]?.data[0] ?? Number.NaN),
    state: flattenTree<HostTensor>(after as unknown as Tree<HostTensor>),
  };
}

/** Largest difference, as a part of the largest element. */
function relativeDistance(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  const largest = Math.max(...Array.from(theirs, Math.abs), Number.MIN_VALUE);
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
  test.each([
    ['gradients', 'slots.m.', 40],
    ['running statistics', 'statistics.', 10],
  ])('has the %s of onnxruntime', (_, prefix, least) => {
    const names = Object.keys(reference.state).filter((name) => name.startsWith(prefix));
    expect(names.length).toBeGreaterThan(least);
    for (const name of names) {
      const [a, b] = [ours.state[name]?.data ?? [], reference.state[name]?.data ?? []];
      expect([name, relativeDistance(a, b) < 1e-4]).toEqual([name, true]);
    }
  });
});

describeWithTfjsNode('the service on tfjs-node', () => {
  test('trains a model and measures it', async () => {
    const { ports, addDataset, close } = await openPorts();
    try {
      const dataset = await storeDataset(ports.objects, { images: 8 });
      addDataset(dataset);
      const asked = { idempotencyKey: 'once', datasetId: dataset.datasetId, steps: 2, seed: 1 };
      const { id } = await requestTraining(ports, {
        ...asked,
        labels: 'categories',
        maxSeconds: null,
      });
      const settings = { ...ports.settings, device: 'tfjs-node' } as const;
      await trainModel({ ...ports, settings }, id, jobDelivery({ isLast: true }));
      const [training] = await ports.database.transaction('test', (tx) => trainings.find(tx, [id]));
      expect(training?.detail).toMatch(/^trained 2 steps; AP50/);
      const [model] = await ports.database.transaction('test', (tx) => modelsById(tx, [id]));
      expect(model?.evaluation?.images).toBeGreaterThan(0);
    } finally {
      await close();
    }
  }, 300_000);
});
