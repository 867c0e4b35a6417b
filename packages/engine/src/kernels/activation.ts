import type { Value } from '../graph.ts';
import { binary, scalar, unary } from '../ops.ts';
import { sigmoid } from './elementwise.ts';
import type { KernelCall } from './kernel.ts';

const DIRECT: Readonly<Record<string, string>> = {
  relu: 'Relu',
  elu: 'Elu',
};

/** The bias and activation of tfjs's fused kernels. */
export function applyActivation(call: KernelCall, x: Value, bias: Value | undefined): Value {
  const { b, attributes, fail } = call;
  const shifted = bias === undefined ? x : binary(b, 'Add', x, bias);
  const activation = String(attributes.activation ?? 'linear');
  if (activation === 'linear') return shifted;
  if (activation === 'sigmoid') return sigmoid(b, shifted);
  if (activation === 'relu6') return b.op('Clip', [shifted, scalar(b, 0), scalar(b, 6)], shifted);
  if (activation === 'leakyrelu') {
    return unary(b, 'LeakyRelu', shifted, { alpha: Number(attributes.leakyreluAlpha) });
  }
  const op = DIRECT[activation];
  return op === undefined ? fail(`has no fused activation '${activation}'`) : unary(b, op, shifted);
}
