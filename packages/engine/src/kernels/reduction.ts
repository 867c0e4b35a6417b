import type { Value } from '../graph.ts';
import { cast, reduce, unary } from '../ops.ts';
import { axesOf, axisOf, type Kernel, type KernelTable, need } from './kernel.ts';

const reduction =
  (op: string): Kernel =>
  ({ b, inputs, attributes }) => {
    const x = need(inputs, 'x');
    const input = op === 'ReduceMean' && x.dtype !== 'float32' ? cast(b, x, 'float32') : x;
    return reduce(
      b,
      op,
      input,
      axesOf(attributes.reductionIndices ?? attributes.axis, x.shape.length),
      attributes.keepDims ?? false,
    );
  };

/** All and Any through int32, which every provider reduces. */
const logicalReduction =
  (op: string): Kernel =>
  ({ b, inputs, attributes }) => {
    const x = cast(b, need(inputs, 'x'), 'int32');
    const axes = axesOf(attributes.axis, x.shape.length);
    return cast(b, reduce(b, op, x, axes, attributes.keepDims ?? false), 'bool');
  };

const argument =
  (op: string): Kernel =>
  ({ b, inputs, attributes }) => {
    const x = need(inputs, 'x');
    const axis = axisOf([attributes.axis ?? 0].flat()[0], x.shape.length);
    const shape = x.shape.filter((_, i) => i !== axis);
    const found = b.op(op, [x], { shape, dtype: 'int64' }, { axis, keepdims: 0 });
    return cast(b, found, 'int32');
  };

const softmax: Kernel = ({ b, inputs, attributes }) => {
  const x = need(inputs, 'logits');
  const axis = axisOf(attributes.dim ?? attributes.axis ?? -1, x.shape.length);
  return unary(b, 'Softmax', x, { axis });
};

/** ONNX has CumSum with exclusive and reverse, like tfjs. */
const cumulative: Kernel = ({ b, inputs, attributes }) => {
  const x = need(inputs, 'x');
  const axis = b.splat(axisOf(attributes.axis, x.shape.length), { shape: [], dtype: 'int32' });
  const flags = { exclusive: Number(attributes.exclusive), reverse: Number(attributes.reverse) };
  return b.op('CumSum', [x, axis], { shape: x.shape, dtype: x.dtype }, flags);
};

export const reductionKernels: KernelTable = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  All: logicalReduction('ReduceMin'),
  Any: logicalReduction('ReduceMax'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  Softmax: softmax,
  Cumsum: cumulative,
  /** Positions of the k largest of the last axis, in falling order. */
  TopK: ({ b, inputs, attributes }) => {
    const x = need(inputs, 'x');
    const k = Number(attributes.k);
    const shape = [...x.shape.slice(0, -1), k];
    const count = b.constant(BigInt64Array.of(BigInt(k)), { shape: [1], dtype: 'int64' });
    const outputs = [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int64' as const },
    ];
    const flags = { axis: -1, largest: 1, sorted: 1 };
    const [values, indices] = b.node('TopK', [x, count], outputs, flags).outputs;
    return [values as Value, cast(b, indices as Value, 'int32')];
  },
};
