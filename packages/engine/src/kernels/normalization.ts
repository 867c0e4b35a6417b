import type { Value } from '../graph.ts';
import { at } from '../host-tensor.ts';
import { binary, binaryScalar, unary } from '../ops.ts';
import { type Kernel, type KernelTable, need } from './kernel.ts';

/** tf.batchNorm with given statistics: folded into one factor and one summand per channel. */
const fusedBatchNorm: Kernel = ({ b, inputs, attributes }) => {
  const variance = need(inputs, 'variance');
  const shifted = binaryScalar(b, 'Add', variance, attributes.varianceEpsilon ?? 0.001);
  const inverse = unary(b, 'Reciprocal', unary(b, 'Sqrt', shifted));
  const factor = inputs.scale === undefined ? inverse : binary(b, 'Mul', inverse, inputs.scale);
  const lowered = binary(b, 'Mul', need(inputs, 'mean'), factor);
  const summand =
    inputs.offset === undefined
      ? unary(b, 'Neg', lowered)
      : binary(b, 'Sub', inputs.offset, lowered);
  return binary(b, 'Add', binary(b, 'Mul', need(inputs, 'x'), factor), summand);
};

const channels = (x: Value) => ({ shape: [at(x.shape, -1)], dtype: x.dtype });

/** The engine's own kernels (nn.ts); passes/lower-normalization.ts computes them in the layout at hand. */
const training: Kernel = ({ b, inputs, attributes }) => {
  const x = need(inputs, 'x');
  const outputs = [{ shape: x.shape, dtype: x.dtype }, channels(x), channels(x)];
  const all = [x, need(inputs, 'scale'), need(inputs, 'offset')];
  const flags = { axis: x.shape.length - 1, epsilon: attributes.epsilon };
  return [...b.node('BatchNormTraining', all, outputs, flags).outputs];
};

const trainingGradient: Kernel = ({ b, inputs, attributes }) => {
  const x = need(inputs, 'x');
  const outputs = [{ shape: x.shape, dtype: x.dtype }, channels(x), channels(x)];
  const all = ['dy', 'x', 'scale', 'mean', 'variance'].map((name) => need(inputs, name));
  const flags = { axis: x.shape.length - 1, epsilon: attributes.epsilon };
  return [...b.node('BatchNormGradient', all, outputs, flags).outputs];
};

export const normalizationKernels: KernelTable = {
  FusedBatchNorm: fusedBatchNorm,
  BatchNormTraining: training,
  BatchNormGradient: trainingGradient,
};
