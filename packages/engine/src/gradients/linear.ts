import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedGradientError } from '../errors.ts';
import { type GradientTable, only, unbroadcast } from './gradient.ts';

type Shape4 = [number, number, number, number];

interface Conv2dAttributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function inputGradient(dy: tf.Tensor, filter: tf.Tensor, inputShape: Shape4, a: Conv2dAttributes) {
  const { strides, pad, dataFormat, dimRoundingMode } = a;
  const attributes = { strides, pad, dataFormat, dimRoundingMode, inputShape };
  return tf
    .engine()
    .runKernel(tf.Conv2DBackpropInput, { dy, filter }, attributes as tf.NamedAttrMap);
}

function convolution(x: tf.Tensor4D, filter: tf.Tensor4D, a: Conv2dAttributes) {
  return tf.conv2d(x, filter, a.strides, a.pad, a.dataFormat, 1, a.dimRoundingMode);
}

function filterGradient(x: tf.Tensor, dy: tf.Tensor, filterShape: Shape4, a: Conv2dAttributes) {
  const { strides, pad, dataFormat, dimRoundingMode } = a;
  const attributes = { strides, pad, dataFormat, dimRoundingMode, filterShape };
  return tf.engine().runKernel(tf.Conv2DBackpropFilter, { x, dy }, attributes as tf.NamedAttrMap);
}

export const linearGradients: GradientTable = {
  Conv2D: {
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attributes) => {
      const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      const a: Conv2dAttributes & { dilations: number | number[] } = attributes;
      if ([a.dilations].flat().some((dilation) => dilation !== 1)) {
        throw new UnsupportedGradientError('Conv2D', 'has no gradient for dilations other than 1');
      }
      return {
        x: () => inputGradient(only(dy), filter, x.shape, a) as tf.Tensor,
        filter: () => filterGradient(x, only(dy), filter.shape, a) as tf.Tensor,
      };
    },
  },
  /** The transposed convolution: its input gradient is the convolution. */
  Conv2DBackpropInput: {
    inputsToSave: ['dy', 'filter'],
    gradFunc: (ddx, saved, attributes) => {
      const [dy, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      const a: Conv2dAttributes = attributes;
      const given = only(ddx) as tf.Tensor4D;
      return {
        dy: () => convolution(given, filter, a),
        filter: () => filterGradient(given, dy, filter.shape, a) as tf.Tensor,
      };
    },
  },
  /** The adjoint of the convolution by its filter: bilinear, so its gradients are the other two operations. */
  Conv2DBackpropFilter: {
    inputsToSave: ['x', 'dy'],
    gradFunc: (ddw, saved, attributes) => {
      const [x, dy] = saved as [tf.Tensor4D, tf.Tensor4D];
      const a: Conv2dAttributes = attributes;
      const given = only(ddw) as tf.Tensor4D;
      return {
        x: () => inputGradient(dy, given, x.shape, a) as tf.Tensor,
        dy: () => convolution(x, given, a),
      };
    },
  },
  BatchMatMul: {
    inputsToSave: ['a', 'b'],
    gradFunc: (gradient, saved, attributes) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      const dy = only(gradient);
      const { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean } = attributes;
      const forA = () =>
        transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB);
      const forB = () =>
        transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false);
      return {
        a: () => unbroadcast(forA(), a.shape),
        b: () => unbroadcast(forB(), b.shape),
      };
    },
  },
};
