import { schedules } from '@deepstyle/engine';
import type { DetectorSettings } from '../config.ts';
import type { Architecture, SamplingOptions } from '../model/faster-rcnn.ts';
import type { MatchThresholds } from '../model/matcher.ts';
import type { PostprocessOptions } from '../model/postprocess.ts';
import type { ProposalOptions } from '../model/rpn.ts';

/** Everything that decides over the weights, besides the training examples. Part of a model's identity. */
export interface Hyperparameters {
  readonly architecture: Architecture;
  readonly sampling: SamplingOptions;
  readonly anchorMatching: MatchThresholds;
  /** Anchors of an image in the loss, and how many of them may be positive. */
  readonly anchorSample: number;
  readonly anchorPositiveFraction: number;
  /** G: most annotations of an image. */
  readonly maxTruths: number;
  readonly batchSize: number;
  /** Steps wanted; fewer are done where they would take longer than `maxSeconds`. */
  readonly steps: number;
  /** Null: no limit. */
  readonly maxSeconds: number | null;
  /** The largest. */
  readonly learningRate: number;
  /** Steps in which it rises. */
  readonly warmUpSteps: number;
  readonly weightDecay: number;
  /** Largest global norm of the gradients. */
  readonly maxGradientNorm: number;
  /** Weight of the past in the running statistics. */
  readonly statisticsDecay: number;
  readonly seed: number;
}

/** What decides over the defaults. */
export interface TrainingSize {
  /** K */
  readonly categories: number;
  /** Images to train on. */
  readonly images: number;
  /** Null: by the number of images. */
  readonly steps: number | null;
  readonly maxSeconds: number | null;
  readonly seed: number;
}

/** Size of network and batch. */
export type NetworkSize = Pick<
  DetectorSettings,
  'imageWidthPx' | 'imageHeightPx' | 'width' | 'batchSize'
>;

/** Each image is seen so often, but no training is shorter or longer than this. */
const EPOCHS = 12;
const MIN_STEPS = 900;
const MAX_STEPS = 90_000;

/**
 * Found on drawn scenes of 192 x 256 px and two cores. What differs from Detectron's R-50-FPN does so because the network
 * is 27 times smaller, starts from random weights and trains for two minutes.
 */
export function hyperparametersFor(size: TrainingSize, network: NetworkSize): Hyperparameters {
  const { categories, images, steps, maxSeconds, seed } = size;
  const { width, batchSize } = network;
  const usual = Math.ceil((images * EPOCHS) / batchSize);
  return {
    architecture: {
      image: { height: network.imageHeightPx, width: network.imageWidthPx },
      categories,
      // 1.6 million parameters in all, most of them in C5 and the first dense layer, which see few pixels.
      widths: { stem: width, c2: 2 * width, c3: 4 * width, c4: 6 * width, c5: 8 * width },
      pyramid: 4 * width,
      anchors: {
        // Garments of a figure in these images are 30 to 220 px tall.
        levels: [
          { stridePx: 8, sizePx: 36 },
          { stridePx: 16, sizePx: 72 },
          { stridePx: 32, sizePx: 128 },
        ],
        ratios: [0.5, 1, 2],
      },
      bins: 7,
      hidden: 16 * width,
      roiLevels: 2,
      // P3 for nearly all: a 100 px garment has 12 cells there, as many as a 400 px object has in R-50-FPN.
      canonicalSizePx: 112,
    },
    sampling: {
      // Few garments in an image: 64 proposals hold them many times over.
      proposals: { preNmsPerLevel: 96, count: 64, nmsIou: 0.7 },
      rois: { size: 32, foregroundFraction: 0.5, foregroundIou: 0.5 },
    },
    anchorMatching: { high: 0.6, low: 0.3, allowLowQuality: true },
    anchorSample: 96,
    anchorPositiveFraction: 0.5,
    maxTruths: 8,
    batchSize,
    steps: steps ?? Math.min(MAX_STEPS, Math.max(MIN_STEPS, usual)),
    maxSeconds,
    // Adam: SGD's 0.02 needs a pretrained backbone or far longer.
    learningRate: 1.5e-3,
    warmUpSteps: 40,
    weightDecay: 1e-3,
    maxGradientNorm: 10,
    statisticsDecay: 0.95,
    seed,
  };
}

/**
 * The learning rate of a step, from 0: a linear rise, then half a cosine down to 0 (Loshchilov and Hutter, 2017). Most of
 * what a short training reaches it reaches in the last third, when the rate falls.
 */
export function learningRateAt(
  step: number,
  course: schedules.Course,
  { learningRate, warmUpSteps }: Pick<Hyperparameters, 'learningRate' | 'warmUpSteps'>,
): number {
  const decay = schedules.cosineDecay(schedules.progressAt(course, step));
  return learningRate * schedules.warmUp(step, warmUpSteps) * decay;
}

/** Proposals in evaluation mode: fewer than in training, since sampling needs bad ones, too. */
export const INFERENCE_PROPOSALS: ProposalOptions = { preNmsPerLevel: 96, count: 32, nmsIou: 0.7 };

/** Detectron's test settings; the score is what COCO's evaluation wants. */
export const POSTPROCESS: PostprocessOptions = { minScore: 0.05, nmsIou: 0.5, maxDetections: 100 };
