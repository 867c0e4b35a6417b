/**
 * The intermediate representation: a directed acyclic graph of ONNX-like nodes with static shapes.
 * A Value is one output of one Node; a Graph is its named inputs and outputs, and what is reachable
 * from the outputs. What is not reachable does not exist, so there are no dead nodes to remove.
 */
/** `float64` is in no traced graph: passes/double-precision.ts alone makes it. */
export type IrType = 'float32' | 'float64' | 'int32' | 'int64' | 'bool';
export type ConstantData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
export type Attribute = number | string | boolean | readonly number[] | ConstantData;
export type Attributes = Readonly<Record<string, Attribute>>;

export interface Spec {
  readonly shape: readonly number[];
  readonly dtype: IrType;
}

export interface Value extends Spec {
  readonly id: number;
  readonly node: Node;
  readonly index: number;
}

export interface Node {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
  /** Where the model code called it, if known. */
  readonly site: string | undefined;
}

export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

export interface Graph {
  readonly inputs: readonly NamedValue[];
  readonly outputs: readonly NamedValue[];
}

/**
 * Makes nodes. Equal nodes are made once (common subexpressions are shared by construction), and every
 * node passes through `simplify` first, so identities, double transposes and uniform constants never
 * reach a graph.
 */
export interface Builder {
  /** A node with one output. */
  op(op: string, inputs: readonly Value[], spec: Spec, attributes?: Attributes): Value;
  /** A node with several outputs. */
  node(
    op: string,
    inputs: readonly Value[],
    outputs: readonly Spec[],
    attributes?: Attributes,
  ): Node;
  input(name: string, spec: Spec): Value;
  /** A tensor of given elements; uniform ones become a Splat. */
  constant(data: ConstantData, spec: Spec): Value;
  /** A tensor whose elements are all the same. */
  splat(value: number, spec: Spec): Value;
  /** Call site recorded on the nodes made from now on. */
  setSite(site: string | undefined): void;
}

/** The nodes that the outputs need, each after the nodes it reads. Graph inputs are nodes, too. */
export function sortedNodes(outputs: readonly Value[]): Node[] {
  const seen = new Set<Node>();
  const sorted: Node[] = [];
  const stack: { node: Node; next: number }[] = [];
  const enter = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, next: 0 });
  };
  for (const output of outputs) {
    enter(output.node);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const input = top.node.inputs[top.next++];
      if (input !== undefined) {
        enter(input.node);
      } else {
        sorted.push(top.node);
        stack.pop();
      }
    }
  }
  return sorted;
}

export const graphNodes = (graph: Graph): Node[] =>
  sortedNodes(graph.outputs.map((output) => output.value));

/** The element of a Splat (a tensor of equal elements), or undefined. */
export const splatValue = (value: Value): number | undefined =>
  value.node.op === 'Splat' ? Number(value.node.attributes.value) : undefined;

function printAttribute(value: Attribute): string {
  if (ArrayBuffer.isView(value)) {
    const shown = Array.from(value.slice(0, 4) as ArrayLike<number | bigint>).join(', ');
    return value.length > 4 ? `{${shown}, .. ${value.length}}` : `{${shown}}`;
  }
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

const printSpec = (spec: Spec): string => `${spec.dtype}[${spec.shape.join(', ')}]`;

/** The program text: one line per node, values numbered in order. */
export function printGraph(graph: Graph): string {
  const names = new Map<Value, string>();
  for (const { name, value } of graph.inputs) names.set(value, `%${name}`);
  const lines = graph.inputs.map(({ name, value }) => `input %${name}: ${printSpec(value)}`);
  let count = 0;
  for (const node of graphNodes(graph)) {
    if (node.op === 'Input') continue;
    for (const output of node.outputs) names.set(output, `%${count++}`);
    const left = node.outputs.map((o) => `${names.get(o)}: ${printSpec(o)}`).join(', ');
    const args = node.inputs.map((input) => names.get(input)).join(', ');
    const attributes = Object.entries(node.attributes).map(([k, v]) => `${k}=${printAttribute(v)}`);
    const suffix = attributes.length > 0 ? ` {${attributes.join(', ')}}` : '';
    lines.push(`${left} = ${node.op}(${args})${suffix}`);
  }
  for (const { name, value } of graph.outputs) lines.push(`output ${name} = ${names.get(value)}`);
  return lines.join('\n');
}
