import type { Builder } from '../builder.ts';
import { type Attributes, type Spec, splatValue, type Value } from '../graph.ts';
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
  if (moving.every((axis, index) => index === 0 || axis > (moving[index - 1] as number))) {
    return b.op('Reshape', [x], spec, { shape: spec.shape });
  }
  if (x.node.op !== 'Transpose') return undefined;
  const inner = numbers(x.node.attributes, 'perm');
  const composed = perm.map((axis) => inner[axis] as number);
  return b.op('Transpose', [x.node.inputs[0] as Value], spec, { perm: composed });
};

/** Turns a transposed factor of a matrix product into a flag of the product. */
const matmulRule: Rule = (b, [x, y], spec, attributes) => {
  const untransposed = (value: Value): Value | undefined => {
    const perm = value.node.op === 'Transpose' ? numbers(value.node.attributes, 'perm') : [];
    const rank = perm.length;
    const swapsLast =
      rank >= 2 &&
      perm.every((axis, i) => axis === (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
    return swapsLast ? value.node.inputs[0] : undefined;
  };
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

const elementwiseRule =
  (op: string): Rule =>
  (b, [x, y], spec, attributes) => {
    if (x === undefined || y === undefined) return undefined;
    const [p, q] = [splatValue(x), splatValue(y)];
    const neutral = NEUTRAL[op];
    if (neutral !== undefined) {
      if (q === neutral.right && sameShape(x, spec)) return x;
      if (p !== undefined && p === neutral.left && sameShape(y, spec)) return y;
    }
    const [left, right] = [absorbed(x, y, spec), absorbed(y, x, spec)];
    if (left !== undefined) return b.op(op, [left, y], spec, attributes);
    if (right !== undefined) return b.op(op, [x, right], spec, attributes);
    // A uniform operand broadcasts from a scalar.
    if (q !== undefined && y.shape.length > 0 && sameShape(x, spec)) {
      return b.op(op, [x, b.splat(q, { shape: [], dtype: y.dtype })], spec, attributes);
    }
    if (p !== undefined && x.shape.length > 0 && sameShape(y, spec)) {
      return b.op(op, [b.splat(p, { shape: [], dtype: x.dtype }), y], spec, attributes);
    }
    return undefined;
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
