import * as tf from '@tensorflow/tfjs-core';
import { type GradientTable, only, unbroadcast } from './gradient.ts';

export const normalizationGradients: GradientTable = {
  /** y = scale (x - mean) / sqrt(variance + epsilon) + offset, all five differentiable. */
  FusedBatchNorm: {
    inputsToSave: ['x', 'mean', 'variance', 'scale'],
    gradFunc: (gradient, saved, attributes) => {
      const [x, mean, variance, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor?];
      const { varianceEpsilon }: { varianceEpsilon: number } = attributes;
      const dy = only(gradient);
      const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon));
      const weighted = scale === undefined ? inverse : tf.mul(inverse, scale);
      const sumDy = () => unbroadcast(dy, mean.shape);
      const sumDyDistance = () => unbroadcast(tf.mul(dy, tf.sub(x, mean)), mean.shape);
      const cube = () => tf.mul(weighted, tf.square(inverse));
      return {
        x: () => tf.mul(dy, weighted),
        mean: () => tf.neg(tf.mul(sumDy(), weighted)),
        variance: () => tf.mul(sumDyDistance(), tf.mul(cube(), -0.5)),
        scale: () => tf.mul(sumDyDistance(), inverse),
        offset: sumDy,
      };
    },
  },
};
