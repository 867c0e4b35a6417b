import type { Value } from '../graph.ts';
import { matmul } from '../ops.ts';
import { applyActivation } from './activation.ts';
import { type KernelTable, need } from './kernel.ts';

export const linalgKernels: KernelTable = {
  BatchMatMul: ({ b, inputs, attributes }) => {
    const { transposeA = false, transposeB = false } = attributes;
    return matmul(b, need(inputs, 'a'), need(inputs, 'b'), transposeA, transposeB);
  },
  _FusedMatMul: (call) => {
    const { b, inputs, attributes } = call;
    const { transposeA = false, transposeB = false } = attributes;
    const product = matmul(b, need(inputs, 'a'), need(inputs, 'b'), transposeA, transposeB);
    return applyActivation(call, product, inputs.bias as Value | undefined);
  },
};
