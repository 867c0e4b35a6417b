import { copyNode, type Rewrite, rewriteGraph } from '../builder.ts';
import type { Builder, Graph, Node, Value } from '../graph.ts';
import { at } from '../host-tensor.ts';
import { inversePermutation } from '../host-transpose.ts';
import { reshape, transpose } from '../ops.ts';

/** Operations that treat every element alike, so that a transpose may come before or after. */
const ELEMENTWISE = new Set([
  ...[
    'Abs',
    'Acos',
    'Acosh',
    'Add',
    'And',
    'Asin',
    'Asinh',
    'Atan',
    'Atanh',
    'Cast',
    'Ceil',
    'Clip',
  ],
  ...['Cos', 'Cosh', 'Div', 'Elu', 'Equal', 'Erf', 'Exp', 'Floor', 'Greater', 'GreaterOrEqual'],
  ...[
    'HardSigmoid',
    'IsInf',
    'IsNaN',
    'LeakyRelu',
    'Less',
    'LessOrEqual',
    'Log',
    'Max',
    'Min',
    'Mul',
  ],
  ...['Neg', 'Not', 'Or', 'Pow', 'Reciprocal', 'Relu', 'Round', 'Selu', 'Sign', 'Sin'],
  ...['Sinh', 'Softplus', 'Sqrt', 'Sub', 'Tan', 'Tanh', 'Where', 'Xor'],
]);

const REDUCTIONS = new Set(['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd']);

const permOf = (value: Value): readonly number[] | undefined =>
  value.node.op === 'Transpose' ? (value.node.attributes.perm as readonly number[]) : undefined;

const baseOf = (value: Value): Value => value.node.inputs[0] as Value;

const sameShape = (a: readonly number[], b: readonly number[]) => a.join() === b.join();

/** The value as seen before a transpose by `perm`: broadcast operands get their axes first. */
function unpermuted(b: Builder, value: Value, perm: readonly number[]): Value {
  if (value.shape.length === 0) return value;
  const rank = perm.length;
  const shape = [...new Array<number>(rank - value.shape.length).fill(1), ...value.shape];
  return transpose(b, reshape(b, value, shape), inversePermutation(perm));
}

function pushElementwise(b: Builder, node: Node, inputs: readonly Value[]): Value | undefined {
  const [output] = node.outputs as [Value];
  const source = inputs.find(
    (input) => permOf(input) !== undefined && sameShape(input.shape, output.shape),
  );
  const perm = source && permOf(source);
  if (perm === undefined) return undefined;
  const shape = inversePermutation(perm).map((axis) => at(output.shape, axis));
  const bases = inputs.map((input) => unpermuted(b, input, perm));
  return transpose(b, b.op(node.op, bases, { shape, dtype: output.dtype }, node.attributes), perm);
}

function pushReduction(b: Builder, node: Node, [x]: readonly Value[]): Value | undefined {
  const perm = x && permOf(x);
  if (x === undefined || perm === undefined) return undefined;
  const base = baseOf(x);
  const { axes, keepdims } = node.attributes as { axes: readonly number[]; keepdims: boolean };
  const reduced = axes.map((axis) => at(perm, axis)).sort((p, q) => p - q);
  const kept = base.shape.map((size, axis) => (reduced.includes(axis) ? 1 : size));
  const attributes = { axes: reduced, keepdims: true };
  const result = transpose(
    b,
    b.op(node.op, [base], { shape: kept, dtype: x.dtype }, attributes),
    perm,
  );
  return keepdims ? result : reshape(b, result, (node.outputs[0] as Value).shape);
}

/** Batch normalization names its channel axis, so it takes images in any layout. */
function pushNormalization(b: Builder, node: Node, inputs: readonly Value[]): Value[] | undefined {
  const source = inputs.find((input) => input.shape.length > 1 && permOf(input) !== undefined);
  const perm = source && permOf(source);
  if (perm === undefined) return undefined;
  const bases = inputs.map((input) =>
    input.shape.length > 1 ? transpose(b, input, inversePermutation(perm)) : input,
  );
  const axis = at(perm, Number(node.attributes.axis));
  const specs = node.outputs.map(({ shape, dtype }) => ({
    shape: shape.length > 1 ? (bases[0] as Value).shape : shape,
    dtype,
  }));
  const pushed = b.node(node.op, bases, specs, { ...node.attributes, axis });
  return pushed.outputs.map((value) =>
    value.shape.length > 1 ? transpose(b, value, perm) : value,
  );
}

const NORMALISATIONS = new Set(['BatchNormTraining', 'BatchNormGradient']);

const rewrite: Rewrite = (b, node, inputs) => {
  if (NORMALISATIONS.has(node.op)) return pushNormalization(b, node, inputs);
  const pushed = ELEMENTWISE.has(node.op)
    ? pushElementwise(b, node, inputs)
    : REDUCTIONS.has(node.op)
      ? pushReduction(b, node, inputs)
      : undefined;
  return pushed === undefined ? undefined : [pushed];
};

/**
 * Moves transposes towards the outputs, through everything that does not care about the order of axes,
 * until they meet their inverses and vanish.
 */
export const pushTransposes = (graph: Graph): Graph => rewriteGraph(graph, rewrite);

/** Axis orders of graph inputs, by name: physical = logical transposed by `perm`. */
export type Layouts = Readonly<Record<string, readonly number[]>>;

/** Rewrites inputs and outputs of those names so that they are physical, with transposes to the logical. */
function withLayouts(graph: Graph, layouts: Layouts, pairOf: (input: string) => string): Graph {
  const builderInputs = new Map<Value, (b: Builder) => Value>();
  const outputPerm = new Map<string, readonly number[]>();
  for (const { name, value } of graph.inputs) {
    const perm = layouts[name];
    if (perm === undefined) continue;
    const shape = perm.map((axis) => at(value.shape, axis));
    builderInputs.set(value, (b) =>
      transpose(b, b.input(name, { shape, dtype: value.dtype }), inversePermutation(perm)),
    );
    outputPerm.set(pairOf(name), perm);
  }
  return rewriteGraph(graph, (b, node, inputs) => copyNode(b, node, inputs), undefined, {
    input: (b, value) => builderInputs.get(value)?.(b),
    output: (b, { name, value }) => {
      const perm = outputPerm.get(name);
      return perm === undefined ? value : transpose(b, value, perm);
    },
  });
}

/**
 * Chooses the axis order in which state tensors are stored, so that a step neither begins nor ends with
 * transposing them: where the new state comes out of a transpose, the state is kept as it is before it.
 */
export function settleLayouts(
  graph: Graph,
  pairOf: (input: string) => string,
  rounds = 3,
): { graph: Graph; layouts: Layouts } {
  const layouts: Record<string, readonly number[]> = {};
  let settled = pushTransposes(graph);
  for (let round = 0; round < rounds; round++) {
    const outputs = new Map(settled.outputs.map(({ name, value }) => [name, value]));
    let changed = false;
    for (const { name } of graph.inputs) {
      const output = outputs.get(pairOf(name));
      const perm = output && permOf(output);
      if (perm === undefined) continue;
      const before = layouts[name];
      // The output is physical (before) transposed once more by what was left over.
      const next = inversePermutation(perm);
      layouts[name] = before === undefined ? next : next.map((axis) => at(before, axis));
      changed = true;
    }
    if (!changed) break;
    settled = pushTransposes(withLayouts(graph, layouts, pairOf));
  }
  return { graph: settled, layouts };
}
