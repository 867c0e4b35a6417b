import * as tf from '@tensorflow/tfjs-core';
import { type Gradient, type GradientTable, mask, only } from './gradient.ts';

interface ReductionAttributes {
  readonly axis?: number | number[] | null;
  /** tfjs's name for the axes of Max. */
  readonly reductionIndices?: number | number[] | null;
}

interface CumulativeAttributes {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

function keptShape(x: tf.Tensor, attributes: unknown): number[] {
  const { reductionIndices, axis = reductionIndices } = attributes as ReductionAttributes;
  const axes = tf.util.parseAxisParam(axis ?? x.shape.map((_, i) => i), x.shape);
  return x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
}

/** The gradient of a reduction, back in a shape that broadcasts against the input. */
const widened = (dy: tf.Tensor | tf.Tensor[], x: tf.Tensor, attributes: unknown): tf.Tensor =>
  tf.reshape(only(dy), keptShape(x, attributes));

/** Max and Min: every element that reaches the extremum gets the gradient, as in tfjs. */
const extremum: Gradient = {
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attributes) => {
    const [x, y] = saved as [tf.Tensor, tf.Tensor];
    const hit = () => tf.equal(x, tf.reshape(y, keptShape(x, attributes)));
    return { x: () => tf.mul(widened(dy, x, attributes), mask(hit)) };
  },
};

export const reductionGradients: GradientTable = {
  Sum: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({
      x: () => tf.broadcastTo(widened(dy, x as tf.Tensor, attributes), (x as tf.Tensor).shape),
    }),
  },
  Mean: {
    inputsToSave: ['x'],
    gradFunc: (dy, [saved], attributes) => {
      const x = saved as tf.Tensor;
      const count = x.size / tf.util.sizeFromShape(keptShape(x, attributes));
      return {
        x: () => tf.broadcastTo(tf.div(widened(dy, x, attributes), tf.scalar(count)), x.shape),
      };
    },
  },
  Max: extremum,
  Min: extremum,
  Softmax: {
    outputsToSave: [true],
    gradFunc: (dy, [saved], attributes) => {
      const y = saved as tf.Tensor;
      const { dim }: { dim: number } = attributes;
      const weighted = () => tf.mul(only(dy), y);
      return { logits: () => tf.sub(weighted(), tf.mul(tf.sum(weighted(), [dim], true), y)) };
    },
  },
  Cumsum: {
    inputsToSave: ['x'],
    gradFunc: (dy, _saved, attributes) => {
      const { axis, exclusive, reverse }: CumulativeAttributes = attributes;
      return { x: () => tf.cumsum(only(dy), axis, exclusive, !reverse) };
    },
  },
};
