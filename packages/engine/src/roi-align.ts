import * as tf from '@tensorflow/tfjs-core';

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

/**
 * RoIAlign (He et al., 2017). features [N, H, W, C], boxes [N, R, 4] (x1 y1 x2 y2) -> [N, R, h, w, C]. Bilinear
 * sampling is separable, so a bin is a product of one weight vector per axis: the pooling is two matrix
 * products and its gradient two more, with a fixed order of summation. No gradient flows to the boxes.
 */
export function roiAlign(
  features: tf.Tensor4D,
  boxes: tf.Tensor3D,
  options: RoiAlignOptions,
): tf.Tensor {
  const [n, height, width, channels] = features.shape;
  const rois = boxes.shape[1];
  const [h, w] = options.size;
  const images = Array.from({ length: n }, (_, image) => {
    const own = tf.reshape(tf.slice(boxes, [image, 0, 0], [1, rois, 4]), [rois, 4]);
    const [x1, y1, x2, y2] = tf.split(own, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const vertical = axisWeights(
      tf.reshape(y1, [rois]),
      tf.reshape(y2, [rois]),
      h,
      height,
      options,
    );
    const horizontal = axisWeights(
      tf.reshape(x1, [rois]),
      tf.reshape(x2, [rois]),
      w,
      width,
      options,
    );
    const rows = tf.reshape(tf.slice(features, [image, 0, 0, 0], [1, -1, -1, -1]), [
      height,
      width * channels,
    ]);
    const tall = tf.matMul(tf.reshape(vertical, [rois * h, height]), rows); // [R h, W C]
    const spread = tf.reshape(tf.expandDims(horizontal, 1), [rois, 1, w, width]);
    const repeated = tf.reshape(tf.tile(spread, [1, h, 1, 1]), [rois * h, w, width]);
    const pooled = tf.matMul(repeated, tf.reshape(tall, [rois * h, width, channels]));
    return tf.reshape(pooled, [rois, h, w, channels]);
  });
  return tf.stack(images);
}
