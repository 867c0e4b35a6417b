import { createData, elementCount, type HostTensor } from './host-tensor.ts';

/** The tensor with its axes in the order `perm`: result.shape[i] = shape[perm[i]]. */
export function transposeHost(tensor: HostTensor, perm: readonly number[]): HostTensor {
  const { shape, dtype, data } = tensor;
  const rank = shape.length;
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const outShape = perm.map((axis) => shape[axis] as number);
  const steps = perm.map((axis) => strides[axis] as number);
  const result = createData(dtype, data.length);
  const counter = new Int32Array(rank);
  const inner = outShape[rank - 1] ?? 1;
  const innerStep = steps[rank - 1] ?? 1;
  let source = 0;
  for (let target = 0; target < result.length; target += inner) {
    for (let i = 0; i < inner; i++) result[target + i] = data[source + i * innerStep] as number;
    for (let axis = rank - 2; axis >= 0; axis--) {
      const count = (counter[axis] as number) + 1;
      source += steps[axis] as number;
      if (count < (outShape[axis] as number)) {
        counter[axis] = count;
        break;
      }
      counter[axis] = 0;
      source -= count * (steps[axis] as number);
    }
  }
  return { shape: outShape, dtype, data: result };
}

export function inversePermutation(perm: readonly number[]): number[] {
  const result: number[] = [];
  for (const [to, from] of perm.entries()) result[from] = to;
  return result;
}
