import { type Attribute, type Graph, graphNodes, type Node, type Value } from './graph.ts';

/** Two graphs walked side by side. */
export interface PairedGraphs {
  /** Nodes at the same place, of the same operation, reading from the same places. */
  readonly pairs: readonly (readonly [Node, Node])[];
  /** The first node of the first graph (or, past its end, of the second) that has no counterpart. */
  readonly unpaired: Node | undefined;
}

/** Pairs the nodes of two traces of one function, up to where their structure differs. */
export function pairGraphs(first: Graph, second: Graph): PairedGraphs {
  const [ones, others] = [graphNodes(first), graphNodes(second)];
  const places = new Map<Node, number>();
  const pairs: [Node, Node][] = [];
  const sameSource = (a: Value, b: Value | undefined) =>
    b !== undefined && places.get(a.node) === places.get(b.node) && a.index === b.index;
  for (const [place, one] of ones.entries()) {
    const other = others[place];
    const alike =
      other !== undefined &&
      one.op === other.op &&
      one.inputs.length === other.inputs.length &&
      one.outputs.length === other.outputs.length &&
      one.inputs.every((input, index) => sameSource(input, other.inputs[index]));
    if (!alike) return { pairs, unpaired: one };
    places.set(one, place).set(other, place);
    pairs.push([one, other]);
  }
  return { pairs, unpaired: others[ones.length] };
}

function sameAttribute(a: Attribute | undefined, b: Attribute | undefined): boolean {
  const listed = (value: Attribute | undefined): value is Attribute & ArrayLike<number | bigint> =>
    Array.isArray(value) || ArrayBuffer.isView(value);
  if (!listed(a) || !listed(b)) return Object.is(a, b);
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** The first attribute in which two nodes differ. */
export function differingAttribute(one: Node, other: Node): string | undefined {
  const names = new Set([...Object.keys(one.attributes), ...Object.keys(other.attributes)]);
  return [...names].find((name) => !sameAttribute(one.attributes[name], other.attributes[name]));
}
