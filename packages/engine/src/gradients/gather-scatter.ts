import * as tf from '@tensorflow/tfjs-core';
import { at } from '../host-tensor.ts';
import { type GradientTable, isList, mask, only } from './gradient.ts';

/** Sums the rows of `dy` along one axis by the index that they were taken from. */
function scatterRows(dy: tf.Tensor, indices: tf.Tensor, shape: number[], axis: number): tf.Tensor {
  const [lead, tail] = [shape.slice(0, axis), shape.slice(axis + 1)];
  const sizes = [tf.util.sizeFromShape(lead), indices.size, tf.util.sizeFromShape(tail)];
  const first = tf.transpose(tf.reshape(dy, sizes), [1, 0, 2]);
  const ids = tf.reshape(indices, [indices.size]) as tf.Tensor1D;
  const sums = tf.unsortedSegmentSum(first, ids, at(shape, axis));
  return tf.reshape(tf.transpose(sums, [1, 0, 2]), shape);
}

/** Gathering and its adjoints; what was taken several times gets the sum. */
export const gatherScatterGradients: GradientTable = {
  GatherV2: {
    inputsToSave: ['x', 'indices'],
    gradFunc: (dy, saved, attributes) => {
      const [x, indices] = saved as [tf.Tensor, tf.Tensor];
      const { axis }: { axis: number } = attributes;
      const along = at(tf.util.parseAxisParam(axis, x.shape), 0);
      return {
        x: () => scatterRows(only(dy), indices, x.shape, along),
        indices: () => tf.zerosLike(indices),
      };
    },
  },
  GatherNd: {
    inputsToSave: ['params', 'indices'],
    gradFunc: (dy, saved) => {
      const [params, indices] = saved as [tf.Tensor, tf.Tensor];
      return {
        params: () => tf.scatterND(indices, only(dy), params.shape),
        indices: () => tf.zerosLike(indices),
      };
    },
  },
  ScatterNd: {
    inputsToSave: ['indices'],
    gradFunc: (dy, [indices]) => ({
      updates: () => tf.gatherND(only(dy), indices as tf.Tensor),
      indices: () => tf.zerosLike(indices as tf.Tensor),
    }),
  },
  UnsortedSegmentSum: {
    inputsToSave: ['segmentIds'],
    gradFunc: (dy, [segmentIds]) => {
      const ids = segmentIds as tf.Tensor1D;
      // Negative ids took part in no sum.
      const rows = () => tf.gather(only(dy), tf.maximum(ids, tf.scalar(0, 'int32')) as tf.Tensor1D);
      const counted = (like: tf.Tensor) => {
        const shape = [...ids.shape, ...like.shape.slice(ids.rank).map(() => 1)];
        return tf.reshape(tf.cast(tf.greaterEqual(ids, 0), 'float32'), shape);
      };
      return {
        x: () => {
          const taken = rows();
          return tf.mul(taken, counted(taken));
        },
        segmentIds: () => tf.zerosLike(ids),
      };
    },
  },
  /** Of the values; the positions are constants. */
  TopK: {
    inputsToSave: ['x'],
    outputsToSave: [false, true],
    gradFunc: (dy, saved) => {
      const [x, indices] = saved as [tf.Tensor, tf.Tensor];
      const values = isList(dy) ? (dy[0] as tf.Tensor) : dy;
      const spread = () => {
        const chosen = mask(() => tf.oneHot(indices as tf.Tensor1D, at(x.shape, -1)));
        return tf.sum(tf.mul(chosen, tf.expandDims(values, -1)), -2);
      };
      return { x: spread };
    },
  },
};
