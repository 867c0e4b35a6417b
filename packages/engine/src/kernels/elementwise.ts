import type { Builder, Value } from '../graph.ts';
import { binary, binaryScalar, cast, scalar, unary, where } from '../ops.ts';
import { type Kernel, type KernelTable, need } from './kernel.ts';

type Unary = (b: Builder, x: Value) => Value;
type Binary = (b: Builder, x: Value, y: Value) => Value;

const onX =
  (compute: Unary): Kernel =>
  ({ b, inputs }) =>
    compute(b, need(inputs, 'x'));
const direct = (op: string): Kernel => onX((b, x) => unary(b, op, x));

const numeric = (b: Builder, x: Value): Value => (x.dtype === 'bool' ? cast(b, x, 'int32') : x);

const onPair =
  (compute: Binary): Kernel =>
  ({ b, inputs }) =>
    compute(b, numeric(b, need(inputs, 'a')), numeric(b, need(inputs, 'b')));
const pair = (op: string): Kernel => onPair((b, x, y) => binary(b, op, x, y));

/** log(1 + x) without losing small x (Higham): u = 1 + x; log(u) x / (u - 1), or x where u = 1. */
const log1p: Unary = (b, x) => {
  const u = binaryScalar(b, 'Add', x, 1);
  const small = binary(b, 'Equal', u, scalar(b, 1));
  const lost = where(b, small, scalar(b, 1), binaryScalar(b, 'Sub', u, 1));
  const ratio = binary(b, 'Div', x, lost);
  const product = binary(b, 'Mul', unary(b, 'Log', u), ratio);
  // At x = infinity the ratio is NaN, the logarithm is not.
  const far = binary(b, 'Equal', x, scalar(b, Number.POSITIVE_INFINITY));
  return where(b, far, x, where(b, small, x, product));
};

/** onnxruntime's own Sigmoid is 0 from -18 down, of which a logarithm behind it would make -infinity. */
export const sigmoid: Unary = (b, x) =>
  unary(b, 'Reciprocal', binaryScalar(b, 'Add', unary(b, 'Exp', unary(b, 'Neg', x)), 1));

/** exp(x) - 1 = tanh(x / 2) (exp(x) + 1): no cancellation near 0. */
const expm1: Unary = (b, x) =>
  binary(
    b,
    'Mul',
    unary(b, 'Tanh', binaryScalar(b, 'Mul', x, 0.5)),
    binaryScalar(b, 'Add', unary(b, 'Exp', x), 1),
  );

/** ONNX divides int32 towards zero, tfjs towards minus infinity. */
const floorDiv: Binary = (b, x, y) => {
  if (x.dtype === 'float32') return unary(b, 'Floor', binary(b, 'Div', x, y));
  const quotient = binary(b, 'Div', x, y);
  const rest = binary(b, 'Sub', x, binary(b, 'Mul', quotient, y));
  const zero = scalar(b, 0, 'int32');
  const uneven = b.op('Not', [binary(b, 'Equal', rest, zero)], {
    shape: rest.shape,
    dtype: 'bool',
  });
  const crossed = binary(b, 'Xor', binary(b, 'Less', rest, zero), binary(b, 'Less', y, zero));
  const correction = cast(b, binary(b, 'And', uneven, crossed), 'int32');
  return binary(b, 'Sub', quotient, correction);
};

/** tfjs's mod takes the sign of the divisor. */
const floorMod: Binary = (b, x, y) => binary(b, 'Sub', x, binary(b, 'Mul', y, floorDiv(b, x, y)));

/** Larger than the inverse of any float that matters: turns a sign into a saturated number. */
const STEEP = 3e38;

/** 1 where x > 0, else alpha; by saturation, which takes half the time of comparing and selecting. */
function step(b: Builder, x: Value, alpha: number): Value {
  if (x.dtype === 'float32' && alpha === 0) {
    return b.op('HardSigmoid', [x], x, { alpha: STEEP, beta: 0 });
  }
  if (x.dtype === 'float32' && alpha > 0 && alpha < 1) {
    const steep = binaryScalar(b, 'Mul', x, STEEP);
    return b.op('Clip', [steep, scalar(b, alpha), scalar(b, 1)], x);
  }
  const positive = binary(b, 'Greater', x, scalar(b, 0, x.dtype));
  if (alpha === 0) return cast(b, positive, x.dtype);
  return where(b, positive, scalar(b, 1, x.dtype), scalar(b, alpha, x.dtype));
}

const UNARY: KernelTable = Object.fromEntries(
  [
    ...[
      'Abs',
      'Acos',
      'Acosh',
      'Asin',
      'Asinh',
      'Atan',
      'Atanh',
      'Ceil',
      'Cos',
      'Cosh',
      'Elu',
      'Erf',
    ],
    ...['Exp', 'Floor', 'Log', 'Neg', 'Reciprocal', 'Relu', 'Round', 'Selu', 'Sign', 'Sin'],
    ...['Sinh', 'Softplus', 'Sqrt', 'Tan', 'Tanh'],
  ].map((op) => [op, direct(op)]),
);

const BINARY: KernelTable = {
  Add: pair('Add'),
  Sub: pair('Sub'),
  Multiply: pair('Mul'),
  RealDiv: pair('Div'),
  Pow: pair('Pow'),
  Maximum: pair('Max'),
  Minimum: pair('Min'),
  Equal: pair('Equal'),
  NotEqual: onPair((b, x, y) => {
    const equal = binary(b, 'Equal', x, y);
    return b.op('Not', [equal], { shape: equal.shape, dtype: 'bool' });
  }),
  Greater: pair('Greater'),
  GreaterEqual: pair('GreaterOrEqual'),
  Less: pair('Less'),
  LessEqual: pair('LessOrEqual'),
  FloorDiv: onPair(floorDiv),
  Mod: onPair(floorMod),
  SquaredDifference: onPair((b, x, y) => {
    const difference = binary(b, 'Sub', x, y);
    return binary(b, 'Mul', difference, difference);
  }),
};

const logical =
  (op: string): Kernel =>
  ({ b, inputs }) =>
    binary(b, op, need(inputs, 'a'), need(inputs, 'b'));

const test = (op: string): Kernel =>
  onX((b, x) => b.op(op, [x], { shape: x.shape, dtype: 'bool' }));

export const elementwiseKernels: KernelTable = {
  ...UNARY,
  ...BINARY,
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalNot: test('Not'),
  IsNan: test('IsNaN'),
  IsInf: test('IsInf'),
  IsFinite: onX((b, x) => {
    // x - x is 0 for finite x only.
    return binary(b, 'Equal', binary(b, 'Sub', x, x), scalar(b, 0, x.dtype));
  }),
  Square: onX((b, x) => binary(b, 'Mul', x, x)),
  Rsqrt: onX((b, x) => unary(b, 'Reciprocal', unary(b, 'Sqrt', x))),
  Sigmoid: onX(sigmoid),
  Log1p: onX(log1p),
  Expm1: onX(expm1),
  Relu6: onX((b, x) => b.op('Clip', [x, scalar(b, 0), scalar(b, 6)], x)),
  LeakyRelu: ({ b, inputs, attributes }) =>
    unary(b, 'LeakyRelu', need(inputs, 'x'), { alpha: attributes.alpha }),
  Prelu: ({ b, inputs }) => {
    const x = need(inputs, 'x');
    const slope = binary(b, 'Mul', x, need(inputs, 'alpha'));
    return where(b, binary(b, 'Less', x, scalar(b, 0)), slope, x);
  },
  Step: ({ b, inputs, attributes }) => step(b, need(inputs, 'x'), Number(attributes.alpha ?? 0)),
  ClipByValue: ({ b, inputs, attributes }) => {
    const x = need(inputs, 'x');
    const low = scalar(b, attributes.clipValueMin, x.dtype);
    return b.op('Clip', [x, low, scalar(b, attributes.clipValueMax, x.dtype)], x);
  },
  Select: ({ b, inputs }) =>
    where(b, need(inputs, 'condition'), need(inputs, 't'), need(inputs, 'e')),
  AddN: ({ b, inputs }) => Object.values(inputs).reduce((x, y) => binary(b, 'Add', x, y)),
  Cast: ({ b, inputs, attributes, fail }) => {
    const { dtype } = attributes;
    if (!['float32', 'int32', 'bool'].includes(dtype)) fail(`cannot make ${dtype}`);
    return cast(b, need(inputs, 'x'), dtype);
  },
};
