import type { Architecture, SamplingOptions } from '../model/faster-rcnn.ts';
import type { MatchThresholds } from '../model/matcher.ts';
import type { PostprocessOptions } from '../model/postprocess.ts';
import type { ProposalOptions } from '../model/rpn.ts';

/** Everything that decides over the weights, besides the scenes. Part of a model's identity. */
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
  readonly steps: number;
  /** Largest learning rate; see learning-rate.ts. */
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Share of the steps in which the learning rate rises. */
  readonly warmUp: number;
  /** Largest global norm of the gradients. */
  readonly maxGradientNorm: number;
  /** Weight of the past in the running statistics. */
  readonly statisticsDecay: number;
  readonly seed: number;
}

/**
 * Defaults for `categories` categories: found on drawn scenes of 192 x 256 px and two cores. What differs from
 * Detectron's R-50-FPN does so because the network is 27 times smaller, starts from random weights and trains for
 * two minutes.
 */
export function defaultHyperparameters(categories: number): Hyperparameters {
  return {
    architecture: {
      image: { height: 256, width: 192 },
      categories,
      // 1.5 million parameters in all, most of them in C5 and the first dense layer, which see few pixels.
      widths: { stem: 16, c2: 32, c3: 64, c4: 96, c5: 128 },
      pyramid: 64,
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
      hidden: 256,
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
    batchSize: 8,
    steps: 900,
    // Adam: SGD's 0.02 needs a pretrained backbone or far longer.
    learningRate: 1.5e-3,
    weightDecay: 1e-3,
    warmUp: 0.06,
    maxGradientNorm: 10,
    statisticsDecay: 0.95,
    seed: 1,
  };
}

/** Proposals at rest: fewer than in training, since sampling needs bad ones, too. */
export const INFERENCE_PROPOSALS: ProposalOptions = { preNmsPerLevel: 96, count: 32, nmsIou: 0.7 };

/** Detectron's test settings; the score is what COCO's evaluation wants, callers that crop ask for more. */
export const POSTPROCESS: PostprocessOptions = { minScore: 0.05, nmsIou: 0.5, maxDetections: 100 };
