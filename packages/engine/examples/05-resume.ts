// A training that is stopped, saved and taken up again ends where one that ran through does, bit for bit.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  adam,
  compileStep,
  createRandom,
  loadWeights,
  restoreRandom,
  saveWeights,
  tf,
  unflattenTree,
  valueAndGradients,
} from '@deepstyle/engine';

const { init, update } = adam({ learningRate: 0.1 });
const initial = { w: { shape: [4], dtype: 'float32' as const, data: new Float32Array(4) } };
const start = { params: initial, slots: init(initial) };

const compile = (state: typeof start) =>
  compileStep(
    ({ params, slots }, { noise }) => {
      const { gradients } = valueAndGradients(
        ({ w }) => tf.sum(tf.square(tf.sub(w, noise))),
        params,
      );
      return { state: update(gradients, slots, params), outputs: {} };
    },
    { state, batch: { noise: { shape: [4], dtype: 'float32' as const } } },
  );

/** Randomness comes from the host, and its position is part of a checkpoint. */
async function train(state: typeof start, random: ReturnType<typeof createRandom>, steps: number) {
  const training = await compile(state);
  for (let step = 0; step < steps; step++) await training.run({ noise: random.normal(4) });
  const result = await training.readState();
  await training.dispose();
  return result;
}

const folder = await mkdtemp(path.join(tmpdir(), 'resume-'));
const file = path.join(folder, 'checkpoint.safetensors');

const random = createRandom('noise');
const half = await train(start, random, 10);
await saveWeights(file, half, { random: JSON.stringify(random.state()) });

const { tensors, metadata } = await loadWeights(file, start);
const restored = restoreRandom(JSON.parse(metadata.random ?? ''));
const resumed = await train(unflattenTree(tensors, start) as typeof start, restored, 10);
const through = await train(start, createRandom('noise'), 20);
console.log(`resumed ${resumed.params.w.data.join(' ')}`);
console.log(`through ${through.params.w.data.join(' ')}`);
await rm(folder, { recursive: true });
