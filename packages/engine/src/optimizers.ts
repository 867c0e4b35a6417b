import * as tf from '@tensorflow/tfjs-core';
import { flattenTree, type HostTensor, type Tree, unflattenTree } from './host-tensor.ts';

type Tensors = Tree<tf.Tensor>;
type Flat = Record<string, tf.Tensor>;

/** A number, or a scalar tensor (a schedule that enters with the batch; see schedules.ts). */
export type Rate = number | tf.Scalar;

/** One number for all parameters, or one per parameter by its flat name: `classifier.bias`. */
export type ByName = number | ((name: string) => number);

const valueFor = (value: ByName, name: string): number =>
  typeof value === 'number' ? value : value(name);

const scalarOf = (rate: Rate): tf.Scalar => (typeof rate === 'number' ? tf.scalar(rate) : rate);

const scaled = (rate: tf.Scalar, factor: number): tf.Scalar =>
  factor === 1 ? rate : (tf.mul(rate, factor) as tf.Scalar);

/** Applies `fn` to the leaves of trees that have the same names. */
function mapTrees<P extends Tensors>(
  fn: (leaves: tf.Tensor[], name: string) => tf.Tensor,
  like: P,
  ...others: Tensors[]
): P {
  const flats = [like, ...others].map((tree) => flattenTree<tf.Tensor>(tree));
  const result: Flat = {};
  for (const name of Object.keys(flats[0] as Flat)) {
    result[name] = fn(
      flats.map((flat) => flat[name] as tf.Tensor),
      name,
    );
  }
  return unflattenTree(result, like) as P;
}

/** Host zeros in the structure of parameters: the start of most slots. */
function zerosFor<P extends Tree<HostTensor>>(params: P): P {
  const flat = Object.entries(flattenTree<HostTensor>(params)).map(
    ([name, { shape, dtype, data }]) => [
      name,
      { shape, dtype, data: new Float32Array(data.length) },
    ],
  );
  return unflattenTree(Object.fromEntries(flat) as Record<string, HostTensor>, params) as P;
}

/** The number of updates done. */
const counter = (): HostTensor => ({ shape: [], dtype: 'float32', data: new Float32Array(1) });

export interface AdamOptions {
  readonly learningRate: Rate;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Decoupled decay (Loshchilov and Hutter, 2019): params shrink by learningRate * weightDecay. */
  readonly weightDecay?: ByName;
  /** Factor on the learning rate, for groups that learn faster or slower. Default 1. */
  readonly rateScale?: ByName;
}

/** What a slot tree looks like inside a step. */
export type SlotTensors = Tree<tf.Tensor>;

export interface Optimizer {
  /** Host tensors for the state of a compiled step. */
  init<P extends Tree<HostTensor>>(params: P): Tree<HostTensor>;
  /** A pure update inside a step. */
  update<P extends Tensors>(
    gradients: P,
    slots: SlotTensors,
    params: P,
  ): { readonly params: P; readonly slots: SlotTensors };
}

/** 1 - beta^t, in a form that keeps its digits in float32 where beta^t is next to 1: 0.999 alone is off by 1e-5 of it. */
const correction = (beta: number, step: tf.Scalar): tf.Scalar =>
  tf.neg(tf.expm1(tf.mul(step, Math.log(beta))));

/**
 * Adam (Kingma and Ba, 2015) as PyTorch computes it:
 * m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= lr / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + eps).
 */
export function adam(options: AdamOptions): Optimizer {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { weightDecay = 0, rateScale = 1 } = options;
  return {
    init: (params) => ({ step: counter(), m: zerosFor(params), v: zerosFor(params) }),
    update(gradients, slots, params) {
      const step = tf.add(slots.step as tf.Scalar, 1) as tf.Scalar;
      const rate = scalarOf(learningRate);
      const size = tf.div(rate, correction(beta1, step)) as tf.Scalar;
      const inverseRoot = tf.rsqrt(correction(beta2, step)) as tf.Scalar;
      const m = mapTrees(
        ([g, old]) => tf.add(tf.mul(old as tf.Tensor, beta1), tf.mul(g as tf.Tensor, 1 - beta1)),
        gradients,
        slots.m as Tensors,
      );
      const v = mapTrees(
        ([g, old]) =>
          tf.add(tf.mul(old as tf.Tensor, beta2), tf.mul(tf.square(g as tf.Tensor), 1 - beta2)),
        gradients,
        slots.v as Tensors,
      );
      const next = mapTrees(
        ([p, first, second], name) => {
          const root = tf.add(tf.mul(tf.sqrt(second as tf.Tensor), inverseRoot), epsilon);
          const scale = valueFor(rateScale, name);
          const moved = tf.mul(scaled(size, scale), tf.div(first as tf.Tensor, root));
          const decay = scale * valueFor(weightDecay, name);
          const kept = decay === 0 ? p : tf.mul(p as tf.Tensor, tf.sub(1, tf.mul(rate, decay)));
          return tf.sub(kept as tf.Tensor, moved);
        },
        params,
        m,
        v,
      );
      return { params: next, slots: { step, m, v } };
    },
  };
}

export interface SgdOptions {
  readonly learningRate: Rate;
  readonly momentum?: number;
  /** Coupled decay (added to the gradient), as PyTorch's SGD. */
  readonly weightDecay?: ByName;
  /** Factor on the learning rate, for groups that learn faster or slower. Default 1. */
  readonly rateScale?: ByName;
}

/** g += decay p; velocity = momentum velocity + g; p -= lr velocity (PyTorch's form, no dampening). */
export function sgd(options: SgdOptions): Optimizer {
  const { learningRate, momentum = 0, weightDecay = 0, rateScale = 1 } = options;
  return {
    init: (params) => (momentum === 0 ? {} : { velocity: zerosFor(params) }),
    update(gradients, slots, params) {
      const decayed = mapTrees(
        ([g, p], name) => {
          const decay = valueFor(weightDecay, name);
          return decay === 0
            ? (g as tf.Tensor)
            : tf.add(g as tf.Tensor, tf.mul(p as tf.Tensor, decay));
        },
        gradients,
        params,
      );
      const velocity =
        momentum === 0
          ? decayed
          : mapTrees(
              ([g, old]) => tf.add(tf.mul(old as tf.Tensor, momentum), g as tf.Tensor),
              decayed,
              slots.velocity as Tensors,
            );
      const rate = scalarOf(learningRate);
      const next = mapTrees(
        ([p, move], name) => {
          const size = scaled(rate, valueFor(rateScale, name));
          return tf.sub(p as tf.Tensor, tf.mul(size, move as tf.Tensor));
        },
        params,
        velocity,
      );
      return { params: next, slots: momentum === 0 ? {} : { velocity } };
    },
  };
}

/** Exponential moving average: decay * average + (1 - decay) * params. A decay that changes enters as a scalar. */
export function ema({ decay }: { readonly decay: Rate }) {
  return {
    /** The average starts as a copy of the parameters. */
    init: <P extends Tree<HostTensor>>(params: P): P => params,
    update: <P extends Tensors>(average: P, params: P): P =>
      mapTrees(
        ([old, p]) =>
          tf.add(tf.mul(old as tf.Tensor, decay), tf.mul(p as tf.Tensor, tf.sub(1, decay))),
        average,
        params,
      ),
  };
}

/** The Euclidean norm over all tensors of a tree. */
export function globalNorm(gradients: Tensors): tf.Scalar {
  const squares = Object.values(flattenTree<tf.Tensor>(gradients)).map((g) => tf.sum(tf.square(g)));
  return tf.sqrt(tf.addN(squares)) as tf.Scalar;
}

/** Scales gradients down so that their global norm is at most `maxNorm`, as PyTorch's clip_grad_norm_. */
export function clipByGlobalNorm<P extends Tensors>(gradients: P, maxNorm: number): P {
  const factor = tf.minimum(tf.div(maxNorm, tf.add(globalNorm(gradients), 1e-6)), 1);
  return mapTrees(([g]) => tf.mul(g as tf.Tensor, factor), gradients);
}

/** Cuts every element to [-limit, limit]. */
export const clipByValue = <P extends Tensors>(gradients: P, limit: number): P =>
  mapTrees(([g]) => tf.clipByValue(g as tf.Tensor, -limit, limit), gradients);

/** Sums of gradients over parts of a batch within one step; `mean` divides by their number. */
export const accumulation = {
  init: <P extends Tree<HostTensor>>(params: P): P => zerosFor(params),
  add: <P extends Tensors>(sum: P, gradients: P): P =>
    mapTrees(([s, g]) => tf.add(s as tf.Tensor, g as tf.Tensor), sum, gradients),
  mean: <P extends Tensors>(sum: P, count: number): P =>
    mapTrees(([s]) => tf.div(s as tf.Tensor, count), sum),
} as const;

/**
 * Gradient accumulation over steps: the gradients of `every` steps are averaged, and with the last of them the parameters
 * move once. Parameters and the inner slots stay as they are in between.
 */
export function accumulate(inner: Optimizer, every: number): Optimizer {
  if (!Number.isSafeInteger(every) || every < 1) {
    throw new RangeError(`accumulate: every must be a whole number from 1 up, got ${every}`);
  }
  return {
    init: (params) => ({ count: counter(), sum: zerosFor(params), inner: inner.init(params) }),
    update(gradients, slots, params) {
      const count = tf.add(slots.count as tf.Scalar, 1) as tf.Scalar;
      const sum = accumulation.add(slots.sum as typeof gradients, gradients);
      const isDue = tf.equal(count, every) as tf.Scalar;
      const moved = inner.update(accumulation.mean(sum, every), slots.inner as SlotTensors, params);
      const choose = <P extends Tensors>(next: P, old: Tensors): P =>
        mapTrees(([n, o]) => tf.where(isDue, n as tf.Tensor, o as tf.Tensor), next, old);
      return {
        params: choose(moved.params, params),
        slots: {
          count: tf.where(isDue, tf.zerosLike(count), count),
          sum: choose(
            mapTrees(([s]) => tf.zerosLike(s as tf.Tensor), sum),
            sum,
          ),
          inner: choose(moved.slots, slots.inner as Tensors),
        },
      };
    },
  };
}
