import * as tf from '@tensorflow/tfjs-core';
import { constant, saveFrom } from './gradients/gradient.ts';
import { at } from './host-tensor.ts';
import { ROI_ALIGN } from './kernels/detection.ts';
import { RECORDER } from './recording-backend.ts';

export interface RoiAlignOptions {
  /** Output height and width in bins. */
  readonly size: readonly [number, number];
  /** Feature pixels per pixel of the boxes. */
  readonly spatialScale: number;
  /** Samples per bin and axis, at least 1. */
  readonly samplingRatio: number;
  /** Shift by half a pixel (detectron2's aligned form). Default true. */
  readonly aligned?: boolean;
}

/** Bilinear weights of one axis averaged over each bin's samples: starts and ends [R] -> [R, bins, size]. */
function axisWeights(
  start: tf.Tensor,
  end: tf.Tensor,
  bins: number,
  size: number,
  { spatialScale, samplingRatio: samples, aligned = true }: RoiAlignOptions,
): tf.Tensor3D {
  const offset = aligned ? 0.5 : 0;
  const from = tf.sub(tf.mul(start, spatialScale), offset);
  const raw = tf.mul(tf.sub(end, start), spatialScale);
  const extent = aligned ? raw : tf.maximum(raw, 1);
  const count = bins * samples;
  // Sample s of bin p stands at from + extent (p + (s + 1/2) / samples) / bins.
  const fractions = tf.div(tf.add(tf.range(0, count), 0.5), count); // [bins * samples]
  const column = (x: tf.Tensor) => tf.reshape(x, [-1, 1]);
  const places = tf.add(column(from), tf.mul(column(extent), tf.reshape(fractions, [1, -1])));
  const inside = tf.logicalAnd(tf.greaterEqual(places, -1), tf.lessEqual(places, size));
  const clipped = tf.clipByValue(places, 0, size - 1);
  const distance = tf.abs(
    tf.sub(tf.expandDims(clipped, 2), tf.reshape(tf.range(0, size), [1, 1, -1])),
  ); // [R, bins * samples, size]
  const weights = tf.mul(
    tf.relu(tf.sub(1, distance)),
    tf.cast(tf.expandDims(inside, 2), 'float32'),
  );
  return tf.mean(tf.reshape(weights, [-1, bins, samples, size]), 2) as tf.Tensor3D;
}

interface Weights {
  /** Per box and row of bins, how much each row of pixels counts, [R h, H]. */
  readonly vertical: tf.Tensor2D;
  /** The same of columns, repeated for each row of bins, [R h, w, W]. */
  readonly horizontal: tf.Tensor3D;
}

/** boxes [R, 4] over an image of H x W pixels. */
function weightsOf(
  boxes: tf.Tensor,
  [height, width]: readonly [number, number],
  options: RoiAlignOptions,
): Weights {
  const [rois] = boxes.shape as [number, number];
  const [h, w] = options.size;
  const [x1, y1, x2, y2] = tf.split(boxes, 4, 1).map((side) => tf.reshape(side, [rois])) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const rows = axisWeights(y1, y2, h, height, options); // [R, h, H]
  const columns = axisWeights(x1, x2, w, width, options); // [R, w, W]
  const spread = tf.tile(tf.reshape(columns, [rois, 1, w, width]), [1, h, 1, 1]);
  return {
    vertical: tf.reshape(rows, [rois * h, height]),
    horizontal: tf.reshape(spread, [rois * h, w, width]),
  };
}

/** features [H, W, C], boxes [R, 4] -> [R, h, w, C] */
function pool(features: tf.Tensor, boxes: tf.Tensor, options: RoiAlignOptions): tf.Tensor {
  const [height, width, channels] = features.shape as [number, number, number];
  const { vertical, horizontal } = weightsOf(boxes, [height, width], options);
  const tall = tf.matMul(vertical, tf.reshape(features, [height, width * channels])); // [R h, W C]
  const pooled = tf.matMul(horizontal, tf.reshape(tall, [-1, width, channels])); // [R h, w, C]
  return tf.reshape(pooled, [at(boxes.shape, 0), ...options.size, channels]);
}

/** The adjoint of pool: dy [R, h, w, C] -> [H, W, C] */
function unpool(
  dy: tf.Tensor,
  boxes: tf.Tensor,
  size: readonly [number, number],
  options: RoiAlignOptions,
): tf.Tensor {
  const { vertical, horizontal } = weightsOf(boxes, size, options);
  const [rois, h, w, channels] = dy.shape as [number, number, number, number];
  const wide = tf.matMul(horizontal, tf.reshape(dy, [rois * h, w, channels]), true); // [R h, W, C]
  const lines = tf.reshape(wide, [rois * h, size[1] * channels]);
  return tf.reshape(tf.matMul(vertical, lines, true), [...size, channels]);
}

const inGraph = (): boolean => tf.getBackend() === RECORDER;

/**
 * RoIAlign (He et al., 2017). features [N, H, W, C], boxes [N, R, 4] (x1 y1 x2 y2) -> [N, R, h, w, C].
 * A graph samples by ONNX's operator. Bilinear sampling is separable, so a bin is a product of one weight vector
 * per axis: that makes the gradient two matrix products per image, with a fixed order of summation. No gradient
 * flows to the boxes.
 */
export function roiAlign(
  features: tf.Tensor4D,
  boxes: tf.Tensor3D,
  options: RoiAlignOptions,
): tf.Tensor {
  const align = tf.customGrad((...args) => {
    saveFrom(args)([boxes]);
    const [, height, width] = features.shape;
    const eager = () => {
      const own = tf.unstack(boxes);
      const each = tf.unstack(features);
      return tf.stack(each.map((image, n) => pool(image, own[n] as tf.Tensor, options)));
    };
    const attributes = { ...options, size: [...options.size] };
    return {
      value: inGraph()
        ? (tf.engine().runKernel(ROI_ALIGN, { features, boxes }, attributes) as tf.Tensor)
        : eager(),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => {
        const own = constant(() => tf.unstack(saved as tf.Tensor));
        const each = tf
          .unstack(dy)
          .map((part, n) => unpool(part, own[n] as tf.Tensor, [height, width], options));
        return [tf.stack(each), tf.zeros((saved as tf.Tensor).shape)];
      },
    };
  });
  return align(features, boxes);
}
