import type { Builder, IrType, Value } from './graph.ts';
import { at } from './host-tensor.ts';

/**
 * Constructors of the closed set of operations, with their shape rules. Names and meanings are ONNX's;
 * what ONNX takes as constant int64 inputs (shapes, axes, pads) are attributes here. Beside them there are
 * `Splat` and `MatMul` with transA/transB, and the tfjs-shaped convolutions that a pass lowers
 * (kernels/convolution.ts).
 */

function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    return x === 1 ? y : x;
  });
}

const COMPARISONS = new Set([
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'And',
  'Or',
  'Xor',
]);

export function binary(b: Builder, op: string, x: Value, y: Value): Value {
  const shape = broadcastShapes(x.shape, y.shape);
  return b.op(op, [x, y], { shape, dtype: COMPARISONS.has(op) ? 'bool' : x.dtype });
}

export function unary(b: Builder, op: string, x: Value, attributes: Record<string, number> = {}) {
  return b.op(op, [x], { shape: x.shape, dtype: x.dtype }, attributes);
}

export const scalar = (b: Builder, value: number, dtype: IrType = 'float32'): Value =>
  b.splat(value, { shape: [], dtype });

export const binaryScalar = (b: Builder, op: string, x: Value, value: number): Value =>
  binary(b, op, x, scalar(b, value, x.dtype));

export function cast(b: Builder, x: Value, dtype: IrType): Value {
  return b.op('Cast', [x], { shape: x.shape, dtype }, { to: dtype });
}

export function where(b: Builder, condition: Value, x: Value, y: Value): Value {
  const shape = broadcastShapes(condition.shape, broadcastShapes(x.shape, y.shape));
  return b.op('Where', [condition, x, y], { shape, dtype: x.dtype });
}

export function reshape(b: Builder, x: Value, shape: readonly number[]): Value {
  return b.op('Reshape', [x], { shape, dtype: x.dtype }, { shape });
}

export function expand(b: Builder, x: Value, shape: readonly number[]): Value {
  return b.op('Expand', [x], { shape, dtype: x.dtype }, { shape });
}

export function transpose(b: Builder, x: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => at(x.shape, axis));
  return b.op('Transpose', [x], { shape, dtype: x.dtype }, { perm });
}

export function reduce(
  b: Builder,
  op: string,
  x: Value,
  axes: readonly number[],
  keepdims = false,
): Value {
  const sorted = [...axes].sort((p, q) => p - q);
  const reduced = x.shape.map((size, axis) => (sorted.includes(axis) ? 1 : size));
  const shape = keepdims ? reduced : reduced.filter((_, axis) => !sorted.includes(axis));
  return b.op(op, [x], { shape, dtype: x.dtype }, { axes: sorted, keepdims });
}

/** Batched matrix product of the last two axes; leading axes broadcast. */
export function matmul(b: Builder, x: Value, y: Value, transA = false, transB = false): Value {
  const m = at(x.shape, transA ? -1 : -2);
  const n = at(y.shape, transB ? -2 : -1);
  const batch = broadcastShapes(x.shape.slice(0, -2), y.shape.slice(0, -2));
  return b.op('MatMul', [x, y], { shape: [...batch, m, n], dtype: x.dtype }, { transA, transB });
}

/** Elements [start, end) of every axis. */
export function slice(
  b: Builder,
  x: Value,
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[] = x.shape.map(() => 1),
): Value {
  const axes = x.shape
    .map((_, axis) => axis)
    .filter((a) => starts[a] !== 0 || ends[a] !== x.shape[a] || steps[a] !== 1);
  const shape = x.shape.map((_, a) =>
    Math.max(0, Math.ceil((at(ends, a) - at(starts, a)) / at(steps, a))),
  );
  return b.op(
    'Slice',
    [x],
    { shape, dtype: x.dtype },
    {
      axes,
      starts: axes.map((a) => at(starts, a)),
      ends: axes.map((a) => at(ends, a)),
      steps: axes.map((a) => at(steps, a)),
    },
  );
}

export function concat(b: Builder, values: readonly Value[], axis: number): Value {
  const [first] = values as [Value, ...Value[]];
  const shape = [...first.shape];
  shape[axis] = values.reduce((sum, value) => sum + at(value.shape, axis), 0);
  return b.op('Concat', values, { shape, dtype: first.dtype }, { axis });
}

export function pad(
  b: Builder,
  x: Value,
  before: readonly number[],
  after: readonly number[],
  value = 0,
  mode: 'constant' | 'reflect' = 'constant',
): Value {
  const shape = x.shape.map((size, a) => size + (before[a] ?? 0) + (after[a] ?? 0));
  const attributes = { pads: [...before, ...after], value: String(value), mode };
  return b.op('Pad', [x], { shape, dtype: x.dtype }, attributes);
}

/** Rows of `axis` named by int indices of any shape. */
export function gather(b: Builder, x: Value, indices: Value, axis: number): Value {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return b.op('Gather', [x, indices], { shape, dtype: x.dtype }, { axis });
}

/** 0, 1, .. n-1 as a constant. */
export function range(b: Builder, n: number, dtype: 'int32' | 'int64' | 'float32'): Value {
  const numbers = Array.from({ length: n }, (_, i) => i);
  if (dtype === 'int64') {
    return b.constant(BigInt64Array.from(numbers, BigInt), { shape: [n], dtype });
  }
  const data = dtype === 'int32' ? Int32Array.from(numbers) : Float32Array.from(numbers);
  return b.constant(data, { shape: [n], dtype });
}
