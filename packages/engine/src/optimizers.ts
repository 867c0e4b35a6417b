import * as tf from '@tensorflow/tfjs-core';
import {
  branchOf,
  flattenTree,
  type HostTensor,
  leafOf,
  type Tree,
  unflattenTree,
} from './host-tensor.ts';

type Tensors = Tree<tf.Tensor>;

/** A number, or a scalar tensor (a schedule that enters with the batch; see schedules.ts). */
export type Rate = number | tf.Scalar;

/** One tensor of each tree. */
type Leaves<Trees extends readonly Tensors[]> = { readonly [K in keyof Trees]: tf.Tensor };

/** Applies `fn` to the leaves of trees that have the same names. */
function mapTrees<P extends Tensors, Others extends readonly Tensors[]>(
  fn: (leaf: tf.Tensor, ...others: Leaves<Others>) => tf.Tensor,
  like: P,
  ...others: Others
): P {
  const flats = others.map((tree) => flattenTree<tf.Tensor>(tree));
  const mapped = Object.entries(flattenTree<tf.Tensor>(like)).map(([name, leaf]) => {
    const leaves = flats.map((flat) => leafOf(flat, name));
    return [name, fn(leaf, ...(leaves as readonly tf.Tensor[] as Leaves<Others>))] as const;
  });
  return unflattenTree(Object.fromEntries(mapped), like) as P;
}

/** Host zeros in the structure of parameters: the start of most slots. */
function zerosFor<P extends Tree<HostTensor>>(params: P): P {
  const zeros = Object.entries(flattenTree<HostTensor>(params)).map(
    ([name, { shape, dtype, data }]) =>
      [name, { shape, dtype, data: new Float32Array(data.length) }] as const,
  );
  return unflattenTree(Object.fromEntries(zeros), params) as P;
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

export interface AdamOptions {
  readonly learningRate: Rate;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Decoupled decay (Loshchilov and Hutter, 2019): params shrink by learningRate * weightDecay. */
  readonly weightDecay?: number;
}

/** 1 - beta^t, in a form that keeps its digits in float32 where beta^t is next to 1: 0.999 alone is off by 1e-5 of it. */
const correction = (beta: number, step: tf.Tensor): tf.Tensor =>
  tf.neg(tf.expm1(tf.mul(step, Math.log(beta))));

/**
 * Adam (Kingma and Ba, 2015) as PyTorch computes it:
 * m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= lr / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + eps).
 */
export function adam(options: AdamOptions): Optimizer {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  return {
    init: (params) => ({
      // The number of updates done.
      step: { shape: [], dtype: 'float32', data: new Float32Array(1) },
      m: zerosFor(params),
      v: zerosFor(params),
    }),
    update(gradients, slots, params) {
      const step = tf.add(leafOf(slots, 'step'), 1);
      const size = tf.div(learningRate, correction(beta1, step));
      const inverseRoot = tf.rsqrt(correction(beta2, step));
      const m = mapTrees(
        (g, old) => tf.add(tf.mul(old, beta1), tf.mul(g, 1 - beta1)),
        gradients,
        branchOf(slots, 'm'),
      );
      const v = mapTrees(
        (g, old) => tf.add(tf.mul(old, beta2), tf.mul(tf.square(g), 1 - beta2)),
        gradients,
        branchOf(slots, 'v'),
      );
      const next = mapTrees(
        (p, first, second) => {
          const root = tf.add(tf.mul(tf.sqrt(second), inverseRoot), epsilon);
          const moved = tf.mul(size, tf.div(first, root));
          const kept =
            weightDecay === 0 ? p : tf.mul(p, tf.sub(1, tf.mul(learningRate, weightDecay)));
          return tf.sub(kept, moved);
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
  readonly weightDecay?: number;
}

/** g += decay p; velocity = momentum velocity + g; p -= lr velocity (PyTorch's form, no dampening). */
export function sgd({ learningRate, momentum = 0, weightDecay = 0 }: SgdOptions): Optimizer {
  return {
    init: (params) => (momentum === 0 ? {} : { velocity: zerosFor(params) }),
    update(gradients, slots, params) {
      const decayed =
        weightDecay === 0
          ? gradients
          : mapTrees((g, p) => tf.add(g, tf.mul(p, weightDecay)), gradients, params);
      const velocity =
        momentum === 0
          ? decayed
          : mapTrees(
              (g, old) => tf.add(tf.mul(old, momentum), g),
              decayed,
              branchOf(slots, 'velocity'),
            );
      const next = mapTrees((p, move) => tf.sub(p, tf.mul(learningRate, move)), params, velocity);
      return { params: next, slots: momentum === 0 ? {} : { velocity } };
    },
  };
}

/**
 * Exponential moving average of a tree: decay * average + (1 - decay) * next. It starts as a copy of what it averages; a
 * decay that changes enters as a scalar (schedules.averageDecayAt).
 */
export function movingAverage<P extends Tensors>(average: P, next: Tensors, decay: Rate): P {
  const rest = typeof decay === 'number' ? 1 - decay : tf.sub(1, decay);
  return mapTrees((old, now) => tf.add(tf.mul(old, decay), tf.mul(now, rest)), average, next);
}

/** Scales gradients down so that their global norm is at most `maxNorm`, as PyTorch's clip_grad_norm_. */
export function clipByGlobalNorm<P extends Tensors>(gradients: P, maxNorm: number): P {
  const squares = Object.values(flattenTree<tf.Tensor>(gradients)).map((g) => tf.sum(tf.square(g)));
  const norm = tf.sqrt(tf.addN(squares));
  const factor = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1);
  return mapTrees((g) => tf.mul(g, factor), gradients);
}
