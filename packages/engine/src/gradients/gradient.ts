import * as tf from '@tensorflow/tfjs-core';

export interface Gradient extends Omit<tf.GradConfig, 'kernelName' | 'gradFunc'> {
  readonly gradFunc: (
    dy: tf.Tensor | tf.Tensor[],
    saved: tf.Tensor[],
    // biome-ignore lint/suspicious/noExplicitAny: tfjs hands attributes over untyped, each kernel knows its own.
    attributes: any,
  ) => ReturnType<tf.GradFunc>;
}
export type GradientTable = Readonly<Record<string, Gradient>>;

/**
 * What is piecewise constant: masks and choices. The tape does not see how it came about, so nothing flows through it, not
 * even zeros.
 */
export function constant<T>(compute: () => T): T {
  const { state } = tf.engine();
  state.kernelDepth++;
  try {
    return compute();
  } finally {
    state.kernelDepth--;
  }
}

/** 1 where the condition holds, else 0. */
export const mask = (condition: () => tf.Tensor): tf.Tensor =>
  constant(() => tf.cast(condition(), 'float32'));

/** Sums a gradient over the axes along which a value of `shape` was broadcast. */
export function unbroadcast(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const lead = gradient.rank - shape.length;
  const axes: number[] = [];
  for (const [axis, size] of gradient.shape.entries()) {
    if (axis < lead || (shape[axis - lead] === 1 && size !== 1)) axes.push(axis);
  }
  const summed = axes.length === 0 ? gradient : tf.sum(gradient, axes);
  return tf.reshape(summed, [...shape]);
}

export const isList = <T>(value: T | T[]): value is T[] => Array.isArray(value);

/** The one output gradient of kernels that have one output. */
export const only = (dy: tf.Tensor | tf.Tensor[]): tf.Tensor =>
  isList(dy) ? (dy[0] as tf.Tensor) : dy;

/** What keeps tensors for the gradient: tf.customGrad hands it over behind the inputs. */
export function saveFrom(args: readonly (tf.Tensor | tf.GradSaveFunc)[]): tf.GradSaveFunc {
  const save = args.at(-1);
  if (typeof save !== 'function') throw new TypeError('tf.customGrad passed no function to save.');
  return save;
}
