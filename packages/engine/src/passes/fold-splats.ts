import { type Attributes, type Builder, type Spec, splatValue, type Value } from '../graph.ts';
import { at, elementCount } from '../host-tensor.ts';

const truth = (condition: boolean): number => (condition ? 1 : 0);

const BINARY: Readonly<Record<string, (x: number, y: number) => number>> = {
  Add: (x, y) => x + y,
  Sub: (x, y) => x - y,
  Mul: (x, y) => x * y,
  Div: (x, y) => x / y,
  Pow: (x, y) => x ** y,
  Max: Math.max,
  Min: Math.min,
  Equal: (x, y) => truth(x === y),
  Greater: (x, y) => truth(x > y),
  GreaterOrEqual: (x, y) => truth(x >= y),
  Less: (x, y) => truth(x < y),
  LessOrEqual: (x, y) => truth(x <= y),
};

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  Neg: (x) => -x,
  Abs: Math.abs,
  Sqrt: Math.sqrt,
  Reciprocal: (x) => 1 / x,
  Exp: Math.exp,
  Log: Math.log,
  Sign: Math.sign,
  Not: (x) => 1 - x,
};

const MOVES = new Set(['Reshape', 'Transpose', 'Slice', 'Expand', 'Tile', 'Identity']);

const AVERAGES = new Set(['ReduceMean', 'ReduceMax', 'ReduceMin']);

const reducedCount = (x: Value, attributes: Attributes): number =>
  elementCount((attributes.axes as readonly number[]).map((axis) => at(x.shape, axis)));

/** Rounds as the graph would; int32 division truncates there, so it is left to the graph. */
function rounded(value: number, spec: Spec): number {
  return spec.dtype === 'float32' ? Math.fround(value) : value;
}

function castSplat(value: number, spec: Spec): number {
  if (spec.dtype === 'bool') return truth(value !== 0);
  return spec.dtype === 'float32' ? Math.fround(value) : Math.trunc(value);
}

function foldUnary(op: string, x: Value, p: number, spec: Spec, a: Attributes): number | undefined {
  if (MOVES.has(op) || AVERAGES.has(op)) return p;
  if (op === 'Cast') return castSplat(p, spec);
  if (op === 'ReduceSum') return p * reducedCount(x, a);
  return UNARY[op]?.(p);
}

function foldBinary(op: string, p: number, y: Value, spec: Spec): number | undefined {
  const q = splatValue(y);
  // int32 division truncates in the graph.
  if (q === undefined || (op === 'Div' && spec.dtype !== 'float32')) return undefined;
  return BINARY[op]?.(p, q);
}

/** Computes nodes whose inputs are all uniform. */
export function foldSplats(
  b: Builder,
  op: string,
  inputs: readonly Value[],
  spec: Spec,
  attributes: Attributes,
): Value | undefined {
  const [x, y] = inputs;
  const p = x === undefined ? undefined : splatValue(x);
  if (x === undefined || p === undefined || inputs.length > 2) return undefined;
  const folded =
    y === undefined ? foldUnary(op, x, p, spec, attributes) : foldBinary(op, p, y, spec);
  return folded === undefined ? undefined : b.splat(rounded(folded, spec), spec);
}
