import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedGradientError } from './errors.ts';
import { registerGradients } from './gradients/index.ts';
import { flattenTree, type Tree, unflattenTree } from './host-tensor.ts';

type Tensors = Tree<tf.Tensor>;

/** A loss that brings along what the step needs of its tensors besides: parts of the loss, statistics. */
export interface LossWithAux<Aux extends Tensors> {
  readonly value: tf.Scalar;
  readonly aux: Aux;
}

/**
 * The value of a scalar function of a tree of tensors, and its gradients in a tree of the same names. Tensors that the loss
 * does not depend on get zeros. Of the tensors that the function makes, those in `aux` alone outlive it. A loss may hold
 * gradients itself.
 * @throws UnsupportedGradientError with the name of a kernel that has no gradient, or not of that order
 */
export function valueAndGradients<P extends Tensors>(
  loss: (params: P) => tf.Scalar,
  params: P,
): { readonly value: tf.Scalar; readonly gradients: P };
export function valueAndGradients<P extends Tensors, Aux extends Tensors>(
  loss: (params: P) => LossWithAux<Aux>,
  params: P,
): { readonly value: tf.Scalar; readonly gradients: P; readonly aux: Aux };
export function valueAndGradients<P extends Tensors>(
  loss: (params: P) => tf.Scalar | LossWithAux<Tensors>,
  params: P,
) {
  registerGradients();
  const flat = flattenTree<tf.Tensor>(params);
  const names = Object.keys(flat);
  const tensors = Object.values(flat);
  const engine = tf.engine();
  if (engine.state.kernelDepth > 0) {
    throw new UnsupportedGradientError(
      'tf.customGrad',
      'hides from a gradient inside it what it computes',
    );
  }
  let kept: Tensors = {};
  const { value, grads } = engine.gradients(
    // The parameters themselves enter, so closures over them see the same tensors.
    () => {
      const result = loss(params);
      if (result instanceof tf.Tensor) return result;
      kept = mapTensors(result.aux, (tensor) => tf.keep(tf.clone(tensor)));
      return result.value;
    },
    tensors,
    undefined,
    true,
  );
  const gradients: Record<string, tf.Tensor> = {};
  for (const [index, name] of names.entries()) {
    const tensor = tensors[index] as tf.Tensor;
    gradients[name] = grads[index] ?? tf.zeros(tensor.shape);
  }
  return { value, gradients: unflattenTree(gradients, params) as P, aux: handOver(kept) };
}

/** Kept tensors as ones of the scope around: they go when it ends. */
function handOver<T extends Tensors>(kept: T): T {
  return mapTensors(kept, (tensor) => {
    const own = tf.clone(tensor);
    tensor.dispose();
    return own;
  });
}

function mapTensors<T extends Tensors>(tree: T, change: (tensor: tf.Tensor) => tf.Tensor): T {
  const entries = Object.entries(flattenTree<tf.Tensor>(tree));
  const changed = entries.map(([name, tensor]) => [name, change(tensor)] as const);
  return unflattenTree(Object.fromEntries(changed), tree) as T;
}
