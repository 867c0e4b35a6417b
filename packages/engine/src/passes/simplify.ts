import { type Attributes, type Builder, type Spec, splatValue, type Value } from '../graph.ts';
import { at } from '../host-tensor.ts';
import { foldSplats } from './fold-splats.ts';

type Rule = (
  b: Builder,
  inputs: readonly Value[],
  spec: Spec,
  attributes: Attributes,
) => Value | undefined;

const sameShape = (a: Spec, b: Spec): boolean => a.shape.join() === b.shape.join();
const numbers = (attributes: Attributes, name: string) => attributes[name] as readonly number[];

/** The input if its shape already is the wanted one. */
const nothingToDo: Rule = (_b, [x], spec) =>
  x !== undefined && sameShape(x, spec) && x.dtype === spec.dtype ? x : undefined;

const reshapeRule: Rule = (b, [x], spec) => {
  if (x === undefined || sameShape(x, spec)) return x;
  const inner = x.node.op === 'Reshape' ? x.node.inputs[0] : undefined;
  if (inner === undefined) return undefined;
  return b.op('Reshape', [inner], spec, { shape: spec.shape });
};

const isIdentity = (perm: readonly number[]) => perm.every((axis, index) => axis === index);

const transposeRule: Rule = (b, [x], spec, attributes) => {
  const perm = numbers(attributes, 'perm');
  if (x === undefined || isIdentity(perm)) return x;
  const moving = perm.filter((axis) => x.shape[axis] !== 1);
  if (moving.every((axis, index) => index === 0 || axis > at(moving, index - 1))) {
    return b.op('Reshape', [x], spec, { shape: spec.shape });
  }
  if (x.node.op !== 'Transpose') return undefined;
  const inner = numbers(x.node.attributes, 'perm');
  const composed = perm.map((axis) => at(inner, axis));
  return b.op('Transpose', [x.node.inputs[0] as Value], spec, { perm: composed });
};

const swapsLastTwo = (perm: readonly number[]): boolean => {
  const last = perm.length - 1;
  const partner = (i: number) => (i === last ? last - 1 : i === last - 1 ? last : i);
  return perm.length >= 2 && perm.every((axis, i) => axis === partner(i));
};

function untransposed(value: Value): Value | undefined {
  if (value.node.op !== 'Transpose') return undefined;
  return swapsLastTwo(numbers(value.node.attributes, 'perm')) ? value.node.inputs[0] : undefined;
}

/** Turns a transposed factor of a matrix product into a flag of the product. */
const matmulRule: Rule = (b, [x, y], spec, attributes) => {
  const [left, right] = [untransposed(x as Value), untransposed(y as Value)];
  if (left === undefined && right === undefined) return undefined;
  return b.op('MatMul', [left ?? (x as Value), right ?? (y as Value)], spec, {
    transA: (left !== undefined) !== attributes.transA,
    transB: (right !== undefined) !== attributes.transB,
  });
};

/** `op(x, neutral) = x`: which operand may be dropped when it is a Splat of this value. */
const NEUTRAL: Readonly<Record<string, { left?: number; right: number }>> = {
  Add: { left: 0, right: 0 },
  Sub: { right: 0 },
  Mul: { left: 1, right: 1 },
  Div: { right: 1 },
  Pow: { right: 1 },
};

/** The operand without its broadcast, where the other operand broadcasts it anyway. */
function absorbed(x: Value, y: Value, spec: Spec): Value | undefined {
  const inner = x.node.op === 'Expand' ? x.node.inputs[0] : undefined;
  return inner !== undefined && sameShape(y, spec) ? inner : undefined;
}

/** The operand that the other, being neutral, leaves as it is. */
function unchanged(op: string, x: Value, y: Value, spec: Spec): Value | undefined {
  const neutral = NEUTRAL[op];
  if (neutral === undefined) return undefined;
  if (splatValue(y) === neutral.right && sameShape(x, spec)) return x;
  const left = splatValue(x);
  return left !== undefined && left === neutral.left && sameShape(y, spec) ? y : undefined;
}

/** A scalar for a uniform operand that the other operand broadcasts anyway. */
function shrunk(b: Builder, x: Value, y: Value, spec: Spec): Value | undefined {
  const value = splatValue(x);
  if (value === undefined || x.shape.length === 0 || !sameShape(y, spec)) return undefined;
  return b.splat(value, { shape: [], dtype: x.dtype });
}

const elementwiseRule =
  (op: string): Rule =>
  (b, [x, y], spec, attributes) => {
    if (x === undefined || y === undefined) return undefined;
    const same = unchanged(op, x, y, spec);
    if (same !== undefined) return same;
    const left = absorbed(x, y, spec) ?? shrunk(b, x, y, spec);
    if (left !== undefined) return b.op(op, [left, y], spec, attributes);
    const right = absorbed(y, x, spec) ?? shrunk(b, y, x, spec);
    return right === undefined ? undefined : b.op(op, [x, right], spec, attributes);
  };

const reduceRule: Rule = (b, [x], spec, attributes) => {
  if (x === undefined) return undefined;
  const axes = numbers(attributes, 'axes');
  if (axes.length === 0) return x;
  if (axes.every((axis) => x.shape[axis] === 1)) {
    return b.op('Reshape', [x], spec, { shape: spec.shape });
  }
  return undefined;
};

const concatRule: Rule = (b, inputs, spec, attributes) => {
  const parts = inputs.filter((input) => !input.shape.includes(0));
  if (parts.length === 1) return parts[0];
  if (parts.length === inputs.length || parts.length === 0) return undefined;
  return b.op('Concat', parts, spec, attributes);
};

const expandRule: Rule = (b, [x], spec) => {
  if (x === undefined || sameShape(x, spec)) return x;
  const value = splatValue(x);
  return value === undefined ? undefined : b.splat(value, spec);
};

const RULES: Readonly<Record<string, Rule>> = {
  Reshape: reshapeRule,
  Transpose: transposeRule,
  MatMul: matmulRule,
  Cast: nothingToDo,
  Expand: expandRule,
  Slice: nothingToDo,
  Pad: nothingToDo,
  Tile: nothingToDo,
  Concat: concatRule,
  ReduceSum: reduceRule,
  ReduceMean: reduceRule,
  ReduceMax: reduceRule,
  ReduceMin: reduceRule,
  ReduceProd: reduceRule,
};

const BINARY = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min'],
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'],
]);

/** A simpler value equal to the node that is about to be made, or undefined. */
export function simplify(
  b: Builder,
  op: string,
  inputs: readonly Value[],
  spec: Spec,
  attributes: Attributes,
): Value | undefined {
  const folded = foldSplats(b, op, inputs, spec, attributes);
  if (folded !== undefined) return folded;
  const rule = BINARY.has(op) ? elementwiseRule(op) : RULES[op];
  return rule?.(b, inputs, spec, attributes);
}
