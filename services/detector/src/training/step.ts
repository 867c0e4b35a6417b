/**
 * One training step of the detector, pure: (state, batch) -> next state and losses.
 *
 * Shape shorthand: N images, H x W px, A anchors, G ground truths (padded), P proposals, M = P + G candidates.
 */
import {
  adam,
  clipByGlobalNorm,
  type HostTensor,
  movingAverage,
  type Random,
  type TensorSpec,
  type Tree,
  tf,
  valueAndGradients,
} from '@deepstyle/engine';
import { gridSize } from '../model/anchors.ts';
import {
  type Architecture,
  type DetectorParams,
  type DetectorStatistics,
  type DetectorWeights,
  forwardTrain,
  initialParams,
  initialStatistics,
  sampleTrainingRois,
} from '../model/faster-rcnn.ts';
import type { SeenStatistics } from '../model/layers.ts';
import type { RpnTargets } from '../model/losses.ts';
import type { GroundTruth, RoiTargets } from '../model/roi-heads.ts';
import type { Hyperparameters } from './hyperparameters.ts';

export const LOSSES = ['objectness', 'rpnBox', 'classification', 'box'] as const;
export type LossName = (typeof LOSSES)[number];

export interface DetectorState {
  readonly weights: DetectorWeights;
  readonly statistics: DetectorStatistics;
  readonly slots: Tree<HostTensor>;
}

export function initialState(random: Random, hyperparameters: Hyperparameters): DetectorState {
  const weights = initialParams(random, hyperparameters.architecture);
  return {
    weights,
    statistics: initialStatistics(weights),
    slots: adam({ learningRate: 0 }).init(weights),
  };
}

/** A: anchors of an image. */
function anchorCount({ image, anchors }: Architecture): number {
  return anchors.levels.reduce((sum, level) => {
    const { height, width } = gridSize(image, level);
    return sum + height * width * anchors.ratios.length;
  }, 0);
}

/** P: places for proposals of an image. */
function proposalCount({ architecture, sampling }: Hyperparameters): number {
  const { count, preNmsPerLevel } = sampling.proposals;
  const perLevel = architecture.anchors.levels.map((level) => {
    const { height, width } = gridSize(architecture.image, level);
    return Math.min(preNmsPerLevel, height * width * architecture.anchors.ratios.length);
  });
  return Math.min(
    count,
    perLevel.reduce((sum, n) => sum + n, 0),
  );
}

/** M: candidates of an image for sampling, each with a number of noise. */
export const candidateCount = (hyperparameters: Hyperparameters): number =>
  proposalCount(hyperparameters) + hyperparameters.maxTruths;

export function batchSpec(hyperparameters: Hyperparameters) {
  const { architecture, batchSize: n, maxTruths } = hyperparameters;
  const { height, width } = architecture.image;
  const anchors = anchorCount(architecture);
  const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });
  return {
    images: float(n, height, width, 3),
    truthBoxes: float(n, maxTruths, 4),
    truthLabels: { shape: [n, maxTruths], dtype: 'int32' as const },
    anchorLabels: float(n, anchors),
    anchorUsed: float(n, anchors),
    anchorDeltas: float(n, anchors, 4),
    noise: float(n, candidateCount(hyperparameters)),
    learningRate: float(),
  };
}

export type BatchTensors = Readonly<Record<keyof ReturnType<typeof batchSpec>, tf.Tensor>>;

export interface StepTargets {
  readonly rpn: RpnTargets;
  readonly rois: RoiTargets;
}

/** Losses and gradients of a batch with given samples. */
export function lossesAndGradients(
  params: DetectorParams,
  images: tf.Tensor4D,
  targets: StepTargets,
  architecture: Architecture,
) {
  const { gradients, aux } = valueAndGradients(
    (given) => {
      const seen: SeenStatistics = {};
      const losses = forwardTrain(given as never, images, targets, architecture, seen);
      const value = tf.addN(Object.values(losses)) as tf.Scalar;
      return { value, aux: { losses: { ...losses }, seen } };
    },
    params as never as Tree<tf.Tensor>,
  );
  return { ...aux, gradients };
}

export function createStep(hyperparameters: Hyperparameters) {
  const { architecture, sampling, maxGradientNorm, weightDecay } = hyperparameters;
  return (state: Tree<tf.Tensor>, tensors: Tree<tf.Tensor>) => {
    const batch = tensors as BatchTensors;
    const params = state.weights as unknown as DetectorParams;
    const images = batch.images as tf.Tensor4D;
    const truth = { boxes: batch.truthBoxes, labels: batch.truthLabels } as GroundTruth;
    const noise = batch.noise as tf.Tensor2D;
    const rois = sampleTrainingRois(params, { images, truth, noise }, architecture, sampling);
    const rpn = {
      labels: batch.anchorLabels,
      used: batch.anchorUsed,
      deltas: batch.anchorDeltas,
    } as RpnTargets;
    const { losses, gradients, seen } = lossesAndGradients(
      params,
      images,
      { rpn, rois },
      architecture,
    );
    const learningRate = batch.learningRate as tf.Scalar;
    const updated = adam({ learningRate, weightDecay }).update(
      clipByGlobalNorm(gradients, maxGradientNorm),
      state.slots as Tree<tf.Tensor>,
      state.weights as Tree<tf.Tensor>,
    );
    const running = state.statistics as Tree<tf.Tensor>;
    const statistics = movingAverage(running, seen, hyperparameters.statisticsDecay);
    return {
      state: { weights: updated.params, statistics, slots: updated.slots },
      outputs: { ...losses },
    };
  };
}
