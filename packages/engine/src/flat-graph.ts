import { createBuilder } from './builder.ts';
import { type Attributes, type Graph, type Spec, sortedNodes, type Value } from './graph.ts';

/** A value as the place of its node in the list, and its index among the node's outputs. */
type Place = readonly [node: number, output: number];

interface FlatNode {
  readonly op: string;
  readonly inputs: readonly Place[];
  readonly attributes: Attributes;
  readonly outputs: readonly Spec[];
}

/** A graph as a list, which can be posted to another thread: that refuses long chains of references. */
export interface FlatGraph {
  readonly nodes: readonly FlatNode[];
  readonly inputs: readonly (readonly [name: string, place: Place])[];
  readonly outputs: readonly (readonly [name: string, place: Place])[];
}

export function flattenGraph({ inputs, outputs }: Graph): FlatGraph {
  const nodes = sortedNodes([...inputs, ...outputs].map(({ value }) => value));
  const indices = new Map(nodes.map((node, index) => [node, index]));
  const placeOf = ({ node, index }: Value): Place => [indices.get(node) ?? -1, index];
  const named = ({ name, value }: Graph['inputs'][number]) => [name, placeOf(value)] as const;
  return {
    nodes: nodes.map(({ op, inputs, attributes, outputs }) => ({
      op,
      inputs: inputs.map(placeOf),
      attributes,
      outputs: outputs.map(({ shape, dtype }) => ({ shape, dtype })),
    })),
    inputs: inputs.map(named),
    outputs: outputs.map(named),
  };
}

export function rebuildGraph({ nodes, inputs, outputs }: FlatGraph): Graph {
  const builder = createBuilder();
  const built: (readonly Value[])[] = [];
  const valueAt = ([node, output]: Place): Value => {
    const value = built[node]?.[output];
    if (value === undefined) throw new RangeError(`There is no output ${output} of node ${node}.`);
    return value;
  };
  for (const { op, inputs, attributes, outputs } of nodes) {
    built.push(builder.node(op, inputs.map(valueAt), outputs, attributes).outputs);
  }
  const named = ([name, place]: readonly [string, Place]) => ({ name, value: valueAt(place) });
  return { inputs: inputs.map(named), outputs: outputs.map(named) };
}
