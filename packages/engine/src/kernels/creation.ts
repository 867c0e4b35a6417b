import { type Kernel, type KernelTable, need } from './kernel.ts';

const like =
  (element: number): Kernel =>
  ({ b, inputs }) => {
    const { shape, dtype } = need(inputs, 'x');
    return b.splat(element, { shape, dtype });
  };

export const creationKernels: KernelTable = {
  Identity: ({ inputs }) => need(inputs, 'x'),
  ZerosLike: like(0),
  OnesLike: like(1),
  Fill: ({ b, attributes, fail }) => {
    const { shape, value, dtype = 'float32' } = attributes;
    if (typeof value === 'string') fail('cannot fill with strings');
    return b.splat(Number(value), { shape, dtype });
  },
  Range: ({ b, attributes }) => {
    const { start, stop, step, dtype = 'float32' } = attributes;
    const length = Math.max(0, Math.ceil((stop - start) / step));
    const numbers = Array.from({ length }, (_, i) => start + i * step);
    const data = dtype === 'int32' ? Int32Array.from(numbers) : Float32Array.from(numbers);
    return b.constant(data, { shape: [length], dtype });
  },
  LinSpace: ({ b, attributes }) => {
    const { start, stop, num } = attributes;
    const step = num > 1 ? (stop - start) / (num - 1) : 0;
    const data = Float32Array.from({ length: num }, (_, i) => start + i * step);
    return b.constant(data, { shape: [num], dtype: 'float32' });
  },
};
