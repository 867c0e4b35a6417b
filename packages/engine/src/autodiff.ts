import * as tf from '@tensorflow/tfjs-core';
import { registerGradients } from './gradients/index.ts';
import { flattenTree, type Tree, unflattenTree } from './host-tensor.ts';

/**
 * The value of a scalar function of a tree of tensors, and its gradients in a tree of the same names.
 * Tensors that the loss does not depend on get zeros.
 */
export function valueAndGradients<P extends Tree<tf.Tensor>>(
  loss: (params: P) => tf.Scalar,
  params: P,
): { readonly value: tf.Scalar; readonly gradients: P } {
  registerGradients();
  const flat = flattenTree<tf.Tensor>(params);
  const names = Object.keys(flat);
  const tensors = Object.values(flat);
  const engine = tf.engine();
  const { value, grads } = engine.gradients(
    // The parameters themselves enter, so closures over them see the same tensors.
    () => loss(params),
    tensors,
    undefined,
    true,
  );
  const gradients: Record<string, tf.Tensor> = {};
  for (const [index, name] of names.entries()) {
    const tensor = tensors[index] as tf.Tensor;
    gradients[name] = grads[index] ?? tf.zerosLike(tensor);
  }
  return { value, gradients: unflattenTree(gradients, params) as P };
}
