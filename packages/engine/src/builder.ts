import type {
  Attribute,
  Attributes,
  Builder,
  Graph,
  NamedValue,
  Node,
  Spec,
  Value,
} from './graph.ts';
import { graphNodes, sortedNodes } from './graph.ts';
import { simplify } from './passes/simplify.ts';

const MAX_SHARED_ELEMENTS = 4096;

function attributeKey(value: Attribute, unique: () => number): string {
  if (!ArrayBuffer.isView(value)) return JSON.stringify(value);
  if (value.length > MAX_SHARED_ELEMENTS) return `unique${unique()}`;
  return `${value.constructor.name}${Array.from(value as ArrayLike<number | bigint>).join()}`;
}

export function createBuilder(): Builder {
  const known = new Map<string, Node>();
  let nextId = 0;
  let site: string | undefined;
  const unique = () => nextId++;

  const keyOf = (op: string, inputs: readonly Value[], outputs: readonly Spec[], a: Attributes) => {
    const attributes = Object.keys(a)
      .sort()
      .map((name) => `${name}:${attributeKey(a[name] as Attribute, unique)}`);
    const specs = outputs.map((o) => `${o.dtype}${o.shape.join('x')}`);
    return `${op}(${inputs.map((input) => input.id).join()})${specs.join()};${attributes.join()}`;
  };

  const builder: Builder = {
    node(op, inputs, outputs, attributes = {}) {
      const key = keyOf(op, inputs, outputs, attributes);
      const found = known.get(key);
      if (found !== undefined) return found;
      const values: Value[] = [];
      const node: Node = { op, inputs, attributes, outputs: values, site };
      for (const [index, { shape, dtype }] of outputs.entries()) {
        values.push({ id: nextId++, shape, dtype, node, index });
      }
      known.set(key, node);
      return node;
    },
    op(op, inputs, spec, attributes = {}) {
      return (
        simplify(builder, op, inputs, spec, attributes) ??
        (builder.node(op, inputs, [spec], attributes).outputs[0] as Value)
      );
    },
    input: (name, spec) => builder.node('Input', [], [spec], { name }).outputs[0] as Value,
    constant(data, spec) {
      const first = data[0];
      const uniform =
        first !== undefined && data.every((element: number | bigint) => Object.is(element, first));
      if (uniform) return builder.splat(Number(first), spec);
      return builder.node('Constant', [], [spec], { data }).outputs[0] as Value;
    },
    splat: (value, spec) =>
      builder.node('Splat', [], [spec], { value: String(value) }).outputs[0] as Value,
    setSite(next) {
      site = next;
    },
  };
  return builder;
}

export type Rewrite = (
  builder: Builder,
  node: Node,
  inputs: readonly Value[],
) => readonly Value[] | undefined;

/** How a rewrite treats the graph's own inputs and outputs. */
export interface Boundary {
  /** A replacement for an input; undefined keeps it. */
  readonly input?: (builder: Builder, value: Value, name: string) => Value | undefined;
  readonly output?: (builder: Builder, output: NamedValue) => Value;
}

function rewriteInputs(graph: Graph, builder: Builder, boundary: Boundary, map: Map<Value, Value>) {
  return graph.inputs.map(({ name, value }) => {
    const replaced = boundary.input?.(builder, value, name);
    const mapped = replaced ?? builder.input(name, { shape: value.shape, dtype: value.dtype });
    map.set(value, mapped);
    const [source] = sortedNodes([mapped]);
    return { name, value: source?.outputs[0] ?? mapped };
  });
}

/** Rebuilds a graph node by node; `rewrite` answers undefined for nodes that stay as they are. */
export function rewriteGraph(
  graph: Graph,
  rewrite: Rewrite,
  builder: Builder = createBuilder(),
  boundary: Boundary = {},
): Graph {
  const map = new Map<Value, Value>();
  const inputs = rewriteInputs(graph, builder, boundary, map);
  for (const node of graphNodes(graph)) {
    if (node.op === 'Input') continue;
    const mappedInputs = node.inputs.map((input) => map.get(input) as Value);
    builder.setSite(node.site);
    const outputs = rewrite(builder, node, mappedInputs) ?? copyNode(builder, node, mappedInputs);
    for (const [index, output] of node.outputs.entries()) map.set(output, outputs[index] as Value);
  }
  const outputs = graph.outputs.map(({ name, value }) => {
    const mapped = { name, value: map.get(value) as Value };
    return { name, value: boundary.output?.(builder, mapped) ?? mapped.value };
  });
  return { inputs, outputs };
}

/** The same node on other inputs; one-output nodes are simplified again. */
export function copyNode(builder: Builder, node: Node, inputs: readonly Value[]): readonly Value[] {
  const specs = node.outputs.map(({ shape, dtype }) => ({ shape, dtype }));
  const [only] = specs;
  if (specs.length === 1 && only !== undefined && !isSource(node)) {
    return [builder.op(node.op, inputs, only, node.attributes)];
  }
  return builder.node(node.op, inputs, specs, node.attributes).outputs;
}

const isSource = (node: Node): boolean => node.op === 'Constant' || node.op === 'Splat';
