/**
 * Training examples -> the tensors of a training step. Every choice is a function of seed and step number, so that a resumed
 * training sees what an uninterrupted one would.
 *
 * Shape shorthand: N images, H x W px, A anchors, G ground truths, M candidates (proposals and ground truths).
 */
import { createRandom, type Random } from '@deepstyle/engine';
import { boxIou } from '@deepstyle/vision';
import { allAnchors } from '../model/anchors.ts';
import { encodeBoxes, RPN_WEIGHTS } from '../model/box-coder.ts';
import { matchBoxes } from '../model/matcher.ts';
import { balancedSample } from '../model/sampling.ts';
import { InvalidExampleError } from './errors.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import { candidateCount } from './step.ts';

/** An annotated image at the network's size: a training example. */
export interface TrainingExample {
  /** sRGB bytes, [H, W, 3] */
  readonly image: Uint8Array;
  /** [G, 4] xyxy px of this image */
  readonly boxes: Float32Array;
  /** 1 .. K, [G] */
  readonly labels: Int32Array;
}

/** Where training examples come from; `load` may read them from anywhere, the same one for the same index. */
export interface ExampleSource {
  readonly count: number;
  load(index: number): Promise<TrainingExample> | TrainingExample;
}

export type StepBatch = Readonly<Record<string, Float32Array | Int32Array>>;

/** The batch of a step, from 0. */
export type BatchSource = (step: number) => Promise<StepBatch>;

/** @throws InvalidExampleError where the example would train nonsense */
function checkExample(
  example: TrainingExample,
  index: number,
  hyperparameters: Hyperparameters,
): void {
  const { architecture, maxTruths } = hyperparameters;
  const { width, height } = architecture.image;
  const fail = (what: string): never => {
    throw new InvalidExampleError(index, what);
  };
  if (example.image.length !== width * height * 3) {
    fail(`its image has ${example.image.length} bytes, not ${height} x ${width} x 3`);
  }
  const truths = example.labels.length;
  if (example.boxes.length !== truths * 4)
    fail(`${example.boxes.length / 4} boxes, ${truths} labels`);
  if (truths > maxTruths) fail(`${truths} boxes, more than maxTruths = ${maxTruths}`);
  for (const [i, label] of example.labels.entries()) {
    const isKnown = label >= 1 && label <= architecture.categories;
    if (!isKnown) fail(`label ${label} is not in 1 .. ${architecture.categories}`);
    const [left = 0, top = 0, right = 0, bottom = 0] = example.boxes.subarray(i * 4, i * 4 + 4);
    const isInside = left >= 0 && top >= 0 && right <= width && bottom <= height;
    const hasExtent = right - left >= 1 && bottom - top >= 1;
    if (!(isInside && hasExtent)) fail(`box ${[left, top, right, bottom]} is empty or outside`);
  }
}

/** The example in a mirror. */
export function mirrored(example: TrainingExample, width: number): TrainingExample {
  const image = new Uint8Array(example.image.length);
  const row = width * 3;
  for (let at = 0; at < image.length; at += 3) {
    const x = at % row;
    image.set(example.image.subarray(at, at + 3), at - x + (row - 3 - x));
  }
  const boxes = example.boxes.slice();
  for (let i = 0; i < boxes.length; i += 4) {
    boxes[i] = width - (example.boxes[i + 2] as number);
    boxes[i + 2] = width - (example.boxes[i] as number);
  }
  return { image, boxes, labels: example.labels };
}

/** What the sampled anchors of one image should say: labels and used [A], deltas [A, 4]. */
export function anchorTargets(
  anchors: Float32Array,
  boxes: Float32Array,
  hyperparameters: Hyperparameters,
  random: Random,
) {
  const count = anchors.length / 4;
  const truths = boxes.length / 4;
  const { anchorMatching, anchorSample, anchorPositiveFraction } = hyperparameters;
  const matches = matchBoxes(boxIou(anchors, boxes), count, truths, anchorMatching);
  const sample = balancedSample(matches, anchorSample, anchorPositiveFraction, random);
  const labels = new Float32Array(count);
  const used = new Float32Array(count);
  const deltas = new Float32Array(count * 4);
  for (const a of sample.negative) used[a] = 1;
  for (const a of sample.positive) {
    const g = matches[a] as number;
    const anchor = anchors.subarray(a * 4, a * 4 + 4);
    labels[a] = 1;
    used[a] = 1;
    deltas.set(encodeBoxes(boxes.subarray(g * 4, g * 4 + 4), anchor, RPN_WEIGHTS), a * 4);
  }
  return { labels, used, deltas };
}

/** sRGB bytes 0..255 -> [-1, 1], the network's range. */
function writeImage(bytes: Uint8Array, into: Float32Array): void {
  for (let i = 0; i < bytes.length; i++) into[i] = (bytes[i] as number) / 127.5 - 1;
}

/** Every example once an epoch, in an order of the epoch's own. */
function createOrder(count: number, seed: number): (place: number) => number {
  let known = { epoch: -1, order: [] as readonly number[] };
  return (place) => {
    const epoch = Math.floor(place / count);
    if (epoch !== known.epoch) {
      const places = Array.from({ length: count }, (_, i) => i);
      known = { epoch, order: createRandom(`order ${seed} ${epoch}`).shuffle(places) };
    }
    return known.order[place % count] as number;
  };
}

/** Batches of shuffled examples, every other one in a mirror on average. */
export function createBatches(
  source: ExampleSource,
  hyperparameters: Hyperparameters,
): BatchSource {
  if (source.count === 0) throw new InvalidExampleError(0, 'there is no example to train on');
  const { architecture, batchSize: n, maxTruths, seed } = hyperparameters;
  const { width, height } = architecture.image;
  const anchors = allAnchors(architecture.image, architecture.anchors);
  const exampleAt = createOrder(source.count, seed);
  const pixels = width * height * 3;

  return async (step) => {
    const random = createRandom(`batch ${seed} ${step}`);
    const batch = {
      images: new Float32Array(n * pixels),
      truthBoxes: new Float32Array(n * maxTruths * 4),
      truthLabels: new Int32Array(n * maxTruths),
      anchorLabels: new Float32Array((n * anchors.length) / 4),
      anchorUsed: new Float32Array((n * anchors.length) / 4),
      anchorDeltas: new Float32Array(n * anchors.length),
      noise: random.uniform(n * candidateCount(hyperparameters)),
    };
    const indices = Array.from({ length: n }, (_, i) => exampleAt(step * n + i));
    const loaded = await Promise.all(indices.map(async (index) => source.load(index)));
    for (const [i, given] of loaded.entries()) {
      checkExample(given, indices[i] as number, hyperparameters);
      const example = random.integer(2) === 0 ? given : mirrored(given, width);
      writeImage(example.image, batch.images.subarray(i * pixels, (i + 1) * pixels));
      batch.truthBoxes.set(example.boxes, i * maxTruths * 4);
      batch.truthLabels.set(example.labels, i * maxTruths);
      const targets = anchorTargets(anchors, example.boxes, hyperparameters, random);
      batch.anchorLabels.set(targets.labels, (i * anchors.length) / 4);
      batch.anchorUsed.set(targets.used, (i * anchors.length) / 4);
      batch.anchorDeltas.set(targets.deltas, i * anchors.length);
    }
    return batch;
  };
}
