/**
 * Faster R-CNN (Ren et al. 2015) with a feature pyramid (Lin et al. 2017), built for two CPU cores and images of about
 * 192 x 256 px. Read it as five calls: backbone -> featurePyramid -> rpnHead + proposals -> multiLevelRoiAlign -> roiHead.
 *
 * Shape shorthand of this folder: N images, H x W px (NHWC, values in [-1, 1]), h x w cells of a level, A anchors of an
 * image, P proposals, R RoIs, G ground truths of an image, S bins, F channels of the pyramid, K categories.
 * Names: `gt` or truth is what was annotated, `pred` what the model says; boxes are xyxy px of the image given.
 */
import { type HostTensor, type Random, tf } from '@deepstyle/engine';
import { type AnchorOptions, type ImageSize, levelAnchors } from './anchors.ts';
import { type BackboneParams, type BackboneWidths, backbone, initialBackbone } from './backbone.ts';
import { clipBoxTensors, decodeBoxTensors, ROI_WEIGHTS } from './box-coder.ts';
import { type FpnParams, featurePyramid, initialFpn } from './fpn.ts';
import { foldNormalisation, hostZeros, type SeenStatistics } from './layers.ts';
import { type RoiLosses, type RpnLosses, type RpnTargets, roiLosses, rpnLosses } from './losses.ts';
import { multiLevelRoiAlign } from './roi-align.ts';
import {
  type GroundTruth,
  initialRoiHead,
  type RoiHeadParams,
  type RoiPredictions,
  type RoiSampling,
  type RoiTargets,
  roiHead,
  sampleRois,
} from './roi-heads.ts';
import {
  initialRpn,
  type ProposalOptions,
  proposals,
  type RpnLevel,
  type RpnParams,
  rpnHead,
} from './rpn.ts';

/** What the network looks like: part of a model's identity. */
export interface Architecture {
  readonly image: ImageSize;
  /** K, without background. */
  readonly categories: number;
  readonly widths: BackboneWidths;
  /** F */
  readonly pyramid: number;
  readonly anchors: AnchorOptions;
  /** S */
  readonly bins: number;
  readonly hidden: number;
  /** Levels from which RoIs are pooled, the finest first; the second begins at `canonicalSizePx`. */
  readonly roiLevels: number;
  readonly canonicalSizePx: number;
}

export function initialParams(random: Random, architecture: Architecture) {
  const { widths, pyramid, anchors, bins, hidden, categories } = architecture;
  return {
    backbone: initialBackbone(random, widths),
    fpn: initialFpn(random, [widths.c3, widths.c4, widths.c5], pyramid),
    rpn: initialRpn(random, pyramid, anchors.ratios.length),
    head: initialRoiHead(random, { bins, channels: pyramid, hidden, categories }),
  };
}

export type DetectorWeights = ReturnType<typeof initialParams>;

export interface DetectorParams {
  readonly backbone: BackboneParams;
  readonly fpn: FpnParams;
  readonly rpn: RpnParams;
  readonly head: RoiHeadParams;
}

/** Running mean and variance of the backbone's normalised layers. */
export type DetectorStatistics = Record<string, { mean: HostTensor; variance: HostTensor }>;

export function initialStatistics(weights: DetectorWeights): DetectorStatistics {
  return Object.fromEntries(
    Object.entries(weights.backbone).map(([name, { scale }]) => [
      name,
      { mean: hostZeros(scale.shape), variance: hostZeros(scale.shape, 1) },
    ]),
  );
}

/** Weights for evaluation mode: the statistics folded into the backbone's convolutions. */
export function foldStatistics(weights: DetectorWeights, statistics: DetectorStatistics) {
  const folded = Object.entries(weights.backbone).map(([name, layer]) => {
    const { mean, variance } = statistics[name] as DetectorStatistics[string];
    return [name, foldNormalisation(layer, mean, variance)] as const;
  });
  return { ...weights, backbone: Object.fromEntries(folded) };
}

export type FoldedWeights = ReturnType<typeof foldStatistics>;

const anchorsOf = ({ image, anchors }: Architecture): Float32Array[] =>
  anchors.levels.map((level) => levelAnchors(image, level, anchors.ratios));

export interface FirstStage {
  readonly features: readonly tf.Tensor4D[];
  readonly rpn: readonly RpnLevel[];
}

/** images [N, H, W, 3] -> P3, P4, P5 and what the RPN says of each; normalised layers leave their statistics in `seen`. */
function firstStage(params: DetectorParams, images: tf.Tensor4D, seen: SeenStatistics): FirstStage {
  const features = featurePyramid(params.fpn, backbone(params.backbone, images, seen));
  return { features, rpn: rpnHead(params.rpn, features) };
}

/** Pools the RoIs [N, R, 4] and judges them. */
function secondStage(
  params: DetectorParams,
  features: readonly tf.Tensor4D[],
  rois: tf.Tensor3D,
  architecture: Architecture,
): RoiPredictions {
  const { anchors, bins, canonicalSizePx, roiLevels } = architecture;
  const strides = anchors.levels.map((level) => level.stridePx);
  const levels = features.slice(0, roiLevels);
  return roiHead(params.head, multiLevelRoiAlign(levels, rois, strides, { bins, canonicalSizePx }));
}

export interface SamplingOptions {
  readonly proposals: ProposalOptions;
  readonly rois: RoiSampling;
}

/**
 * The RoIs of a training step. No gradient may flow through them, so this is called outside of the differentiated
 * function; the network's nodes are the same and are recorded once.
 */
export function sampleTrainingRois(
  params: DetectorParams,
  batch: { readonly images: tf.Tensor4D; readonly truth: GroundTruth; readonly noise: tf.Tensor2D },
  architecture: Architecture,
  options: SamplingOptions,
): RoiTargets {
  const { rpn } = firstStage(params, batch.images, {});
  const found = proposals(rpn, anchorsOf(architecture), architecture.image, options.proposals);
  return sampleRois(found, batch.truth, batch.noise, options.rois);
}

export type DetectorLosses = RpnLosses & RoiLosses;

/** The four losses of a batch with given samples. */
export function forwardTrain(
  params: DetectorParams,
  images: tf.Tensor4D,
  targets: { readonly rpn: RpnTargets; readonly rois: RoiTargets },
  architecture: Architecture,
  seen: SeenStatistics,
): DetectorLosses {
  const { features, rpn } = firstStage(params, images, seen);
  const predictions = secondStage(params, features, targets.rois.rois, architecture);
  return { ...rpnLosses(rpn, targets.rpn), ...roiLosses(predictions, targets.rois) };
}

/**
 * images [N, H, W, 3] -> boxes [N, P, 4] xyxy px within the image and scores [N, P, K + 1] (class 0 is background);
 * empty places have scores 0.
 */
export function forwardInfer(
  params: DetectorParams,
  images: tf.Tensor4D,
  architecture: Architecture,
  options: ProposalOptions,
): { readonly boxes: tf.Tensor; readonly scores: tf.Tensor } {
  const { width, height } = architecture.image;
  const { features, rpn } = firstStage(params, images, {});
  const found = proposals(rpn, anchorsOf(architecture), architecture.image, options);
  const predictions = secondStage(params, features, found.boxes, architecture);
  const boxes = decodeBoxTensors(predictions.boxDeltas, found.boxes, ROI_WEIGHTS); // [N, P, 4]
  const scores = tf.softmax(predictions.classLogits); // [N, P, K + 1]
  return {
    boxes: clipBoxTensors(boxes, width, height),
    scores: tf.mul(scores, tf.expandDims(found.used, 2)),
  };
}
