/** Our answers against PyTorch's: of inference, and of one training step at full size with its samples given. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  compileFunction,
  createRandom,
  decodeSafetensors,
  encodeSafetensors,
  flattenTree,
  type HostTensor,
  type Random,
  type Tree,
  type tf,
} from '@deepstyle/engine';
import { allAnchors } from '../../services/detector/src/model/anchors.ts';
import {
  type DetectorParams,
  forwardInfer,
  initialParams,
} from '../../services/detector/src/model/faster-rcnn.ts';
import type { RoiTargets } from '../../services/detector/src/model/roi-heads.ts';
import { anchorTargets } from '../../services/detector/src/training/batches.ts';
import {
  type Hyperparameters,
  INFERENCE_PROPOSALS,
} from '../../services/detector/src/training/hyperparameters.ts';
import { lossesAndGradients } from '../../services/detector/src/training/step.ts';
import { demoHyperparameters, drawImages, modelOf } from './model.ts';

const HERE = import.meta.dirname;

interface Peer {
  readonly python: string;
  readonly folder: string;
}

const floats = (shape: readonly number[], data: ArrayLike<number>): HostTensor => ({
  shape,
  dtype: 'float32',
  data: Float32Array.from(data),
});

/** Largest difference over the largest number. */
function relative(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  let [most, scale] = [ours.length === theirs.length ? 0 : Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i < theirs.length; i++) {
    most = Math.max(most, Math.abs((ours[i] as number) - (theirs[i] as number)));
    scale = Math.max(scale, Math.abs(theirs[i] as number));
  }
  return most / Math.max(scale, 1e-30);
}

/** Boxes and scores of images, ours and PyTorch's; images whose proposals tie differently are counted. */
export async function compareAnswers(
  peer: Peer & { readonly model: string | undefined },
  count: number,
): Promise<object> {
  const file = (name: string) => path.join(peer.folder, `${name}.safetensors`);
  const proposals = JSON.stringify(INFERENCE_PROPOSALS);
  const words = [file('weights'), file('images'), proposals, '2', '8', 'default', file('answers')];
  execFileSync(peer.python, [path.join(HERE, 'peer/infer.py'), ...words], { stdio: 'inherit' });
  const theirs = decodeSafetensors(readFileSync(file('answers')));
  const { architecture, weights } = modelOf(peer.model);
  const { height, width } = architecture.image;
  const { pixels } = await drawImages(count);
  const compiled = await compileFunction(
    (params, { images }) => ({
      ...forwardInfer(
        params as unknown as DetectorParams,
        images as tf.Tensor4D,
        architecture,
        INFERENCE_PROPOSALS,
      ),
    }),
    {
      params: weights as unknown as Tree<HostTensor>,
      inputs: { images: { shape: [1, height, width, 3], dtype: 'float32' } },
    },
    { inProcess: true },
  );
  let [boxes, scores, ordered] = [0, 0, 0];
  for (const [i, image] of pixels.entries()) {
    const own = await compiled.run({
      images: floats(
        [1, height, width, 3],
        Float32Array.from(image, (byte) => byte / 127.5 - 1),
      ),
    });
    const row = (name: string) => {
      const { data } = theirs[name] as HostTensor;
      const size = data.length / count;
      return data.subarray(i * size, (i + 1) * size);
    };
    const [boxError, scoreError] = [
      relative(own.boxes?.data ?? [], row('boxes')),
      relative(own.scores?.data ?? [], row('scores')),
    ];
    // Proposals of nearly the same objectness may change places, and then their rows do.
    if (boxError > 1e-3) continue;
    ordered += 1;
    [boxes, scores] = [Math.max(boxes, boxError), Math.max(scores, scoreError)];
  }
  await compiled.dispose();
  return {
    images: count,
    inTheSameOrder: ordered,
    largestBoxError: boxes,
    largestScoreError: scores,
  };
}

/** RoIs around two garments of each image, some of them background, one place empty. */
function drawRois(random: Random, hyperparameters: Hyperparameters) {
  const { architecture, batchSize: n, sampling } = hyperparameters;
  const { width, height } = architecture.image;
  const r = sampling.rois.size;
  const rois = new Float32Array(n * r * 4);
  for (let i = 0; i < n * r; i++) {
    const [x, y] = [random.uniform(1)[0] as number, random.uniform(1)[0] as number];
    const [w, h] = [20 + random.integer(100), 20 + random.integer(150)];
    const [left, top] = [x * (width - w), y * (height - h)];
    rois.set([left, top, left + w, top + h], i * 4);
  }
  const labels = Int32Array.from({ length: n * r }, () => random.integer(9));
  const used = Float32Array.from({ length: n * r }, (_, i) => ((i + 1) % r === 0 ? 0 : 1));
  return {
    rois: floats([n, r, 4], rois),
    roiLabels: { shape: [n, r], dtype: 'int32', data: labels } as HostTensor,
    roiDeltas: floats([n, r, 4], random.normal(n * r * 4)),
    roiUsed: floats([n, r], used),
    roiForeground: floats(
      [n, r],
      used.map((one, i) => (labels[i] === 0 ? 0 : one)),
    ),
  };
}

async function drawInputs(hyperparameters: Hyperparameters): Promise<Record<string, HostTensor>> {
  const random = createRandom('parity');
  const { architecture, batchSize: n } = hyperparameters;
  const { width, height } = architecture.image;
  const { pixels } = await drawImages(n);
  const anchors = allAnchors(architecture.image, architecture.anchors);
  const boxes = Float32Array.from([40, 30, 120, 130, 50, 120, 130, 240]);
  const targets = pixels.map(() => anchorTargets(anchors, boxes, hyperparameters, random));
  const a = anchors.length / 4;
  return {
    images: floats(
      [n, height, width, 3],
      pixels.flatMap((image) => Array.from(image, (byte) => byte / 127.5 - 1)),
    ),
    anchorLabels: floats(
      [n, a],
      targets.flatMap(({ labels }) => [...labels]),
    ),
    anchorUsed: floats(
      [n, a],
      targets.flatMap(({ used }) => [...used]),
    ),
    anchorDeltas: floats(
      [n, a, 4],
      targets.flatMap(({ deltas }) => [...deltas]),
    ),
    ...drawRois(random, hyperparameters),
  };
}

async function ourStep(
  hyperparameters: Hyperparameters,
  weights: Tree<HostTensor>,
  inputs: Record<string, HostTensor>,
): Promise<Record<string, HostTensor>> {
  const compiled = await compileFunction(
    (_, tree) => {
      const { params, batch } = tree as unknown as {
        params: DetectorParams;
        batch: Record<string, tf.Tensor>;
      };
      const rpn = {
        labels: batch.anchorLabels,
        used: batch.anchorUsed,
        deltas: batch.anchorDeltas,
      };
      const rois = {
        rois: batch.rois,
        labels: batch.roiLabels,
        deltas: batch.roiDeltas,
        used: batch.roiUsed,
        foreground: batch.roiForeground,
      } as RoiTargets;
      const images = batch.images as tf.Tensor4D;
      const targets = { rpn, rois } as never;
      const result = lossesAndGradients(params, images, targets, hyperparameters.architecture);
      return { losses: { ...result.losses }, gradients: result.gradients };
    },
    { params: {}, inputs: { params: weights, batch: inputs } },
    { inProcess: true },
  );
  const outputs = await compiled.run({ params: weights, batch: inputs });
  await compiled.dispose();
  return outputs;
}

/** Losses and every gradient of one step, both sides; differences relative to the largest number of each tensor. */
export async function compareStep({ python, folder }: Peer): Promise<object> {
  const hyperparameters = demoHyperparameters(2);
  const weights = initialParams(createRandom(3), hyperparameters.architecture);
  const tree = weights as unknown as Tree<HostTensor>;
  const inputs = await drawInputs(hyperparameters);
  const prefixed = (prefix: string, tensors: Record<string, HostTensor>) =>
    Object.entries(tensors).map(([name, tensor]) => [`${prefix}.${name}`, tensor] as const);
  const [given, answered] = ['given', 'answered'].map((name) => path.join(folder, name));
  const flat = flattenTree<HostTensor>(tree);
  writeFileSync(
    given as string,
    encodeSafetensors(
      Object.fromEntries([...prefixed('weights', flat), ...prefixed('inputs', inputs)]),
      { architecture: JSON.stringify(hyperparameters.architecture) },
    ),
  );
  const script = path.join(HERE, 'peer/step.py');
  execFileSync(python, [script, given as string, answered as string], { stdio: 'inherit' });
  const theirs = decodeSafetensors(readFileSync(answered as string));
  const ours = await ourStep(hyperparameters, tree, inputs);
  const differences = Object.entries(theirs)
    .map(([name, { data }]) => [name, relative(ours[name]?.data ?? [], data)] as const)
    .sort((a, b) => b[1] - a[1]);
  const [worst] = differences;
  if (!(worst !== undefined && worst[1] < 1e-3)) {
    throw new Error(`The step differs: ${JSON.stringify(differences.slice(0, 5))}`);
  }
  return {
    peer: 'PyTorch, double precision',
    ours: { tensors: differences.length, largestDifference: worst[1] },
    largest: Object.fromEntries(differences.slice(0, 8)),
  };
}
