import * as tf from '@tensorflow/tfjs-core';
import { type Gradient, type GradientTable, only } from './gradient.ts';

const run = (kernel: string, inputs: Record<string, tf.Tensor>, attributes: unknown): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap) as tf.Tensor;

const resized = (kernel: string): Gradient => ({
  inputsToSave: ['images'],
  gradFunc: (dy, [images], attributes) => ({
    images: () => run(kernel, { dy: only(dy), images: images as tf.Tensor }, attributes),
  }),
});

/** Pooling, resizing and gathering: what moves pixels or rows. */
export const samplingGradients: GradientTable = {
  MaxPool: {
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => {
      const [input, output] = saved as [tf.Tensor, tf.Tensor];
      return { x: () => run(tf.MaxPoolGrad, { dy: only(dy), input, output }, attributes) };
    },
  },
  AvgPool: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({
      x: () => run(tf.AvgPoolGrad, { dy: only(dy), input: x as tf.Tensor }, attributes),
    }),
  },
  ResizeNearestNeighbor: resized(tf.ResizeNearestNeighborGrad),
  ResizeBilinear: resized(tf.ResizeBilinearGrad),
  /** Rows that were taken several times get the sum. */
  GatherV2: {
    inputsToSave: ['x', 'indices'],
    gradFunc: (dy, saved, attributes) => {
      const [x, indices] = saved as [tf.Tensor, tf.Tensor1D];
      const { axis } = attributes as unknown as { axis: number };
      const along = tf.util.parseAxisParam(axis, x.shape)[0] as number;
      const taken = indices.size;
      const lead = x.shape.slice(0, along);
      const tail = x.shape.slice(along + 1);
      const rows = [tf.util.sizeFromShape(lead), taken, tf.util.sizeFromShape(tail)] as const;
      return {
        x: () => {
          const first = tf.transpose(tf.reshape(only(dy), [...rows]), [1, 0, 2]);
          const ids = tf.reshape(indices, [taken]) as tf.Tensor1D;
          const sums = tf.unsortedSegmentSum(first, ids, x.shape[along] as number);
          return tf.reshape(tf.transpose(sums, [1, 0, 2]), x.shape);
        },
        indices: () => tf.zerosLike(indices),
      };
    },
  },
};
