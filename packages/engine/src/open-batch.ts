/**
 * Opens the batch axis of a graph. Graphs have static shapes; which of their sizes follow the batch shows when the same
 * function is traced for two batch sizes: a size is then a B + c for whole a and c, and where a is not 0 the graph has to
 * compute it when it runs.
 */

import { createBuilder, type Rewrite, rewriteGraph } from './builder.ts';
import { ImpureStepError } from './errors.ts';
import type { Builder, Graph, NamedValue, Node, Value } from './graph.ts';
import { differingAttribute, pairGraphs } from './graph-pairs.ts';
import { at } from './host-tensor.ts';

/** The two batch sizes: primes that few models use, so that their multiples are told from fixed sizes. */
export const PROBES = [5, 7] as const;

/** slope * B + offset */
interface Size {
  readonly slope: number;
  readonly offset: number;
}

function sizeOf(first: number, second: number): Size | undefined {
  const slope = (second - first) / (PROBES[1] - PROBES[0]);
  return Number.isInteger(slope) ? { slope, offset: first - slope * PROBES[0] } : undefined;
}

/** Sizes of two shapes; undefined where they do not follow the batch linearly. */
function sizesOf(first: readonly number[], second: readonly number[]): Size[] | undefined {
  if (first.length !== second.length) return undefined;
  const sizes = first.map((size, axis) => sizeOf(size, at(second, axis)));
  return sizes.every((size) => size !== undefined) ? sizes : undefined;
}

const isFixed = (sizes: readonly Size[]): boolean => sizes.every(({ slope }) => slope === 0);

function fail(node: Node, why: string): never {
  const site = node.site ?? 'the traced function';
  throw new ImpureStepError(`The batch axis cannot be left open: ${why}`, site);
}

const int64 = (length: number) => ({ shape: [length], dtype: 'int64' as const });

const integers = (b: Builder, values: readonly number[]): Value =>
  b.constant(BigInt64Array.from(values, BigInt), int64(values.length));

/** Sizes as a vector that the graph computes from its batch. */
function vectorOf(b: Builder, batch: Value, sizes: readonly Size[]): Value {
  const open = sizes.filter(({ slope }) => slope !== 0);
  if (open.length === 0)
    return integers(
      b,
      sizes.map(({ offset }) => offset),
    );
  const parts = sizes.map(({ slope, offset }) => {
    if (slope === 0) return integers(b, [offset]);
    const scaled = slope === 1 ? batch : b.op('Mul', [batch, integers(b, [slope])], int64(1));
    return offset === 0 ? scaled : b.op('Add', [scaled, integers(b, [offset])], int64(1));
  });
  return b.op('Concat', parts, int64(parts.length), { axis: 0 });
}

/** What a node becomes whose sizes follow the batch. */
type Opening = (
  b: Builder,
  inputs: readonly Value[],
  output: Value,
  vectors: Readonly<Record<string, Value>>,
) => Value;

const opened = (op: string, b: Builder, inputs: readonly (Value | undefined)[], output: Value) =>
  b.op(op, inputs as Value[], { shape: output.shape, dtype: output.dtype });

const OPENINGS: Readonly<Record<string, Opening>> = {
  Reshape: (b, [x], output, { shape }) => opened('DynamicReshape', b, [x, shape], output),
  Expand: (b, [x], output, { shape }) => opened('DynamicExpand', b, [x, shape], output),
  Tile: (b, [x], output, { repeats }) => opened('DynamicTile', b, [x, repeats], output),
  Slice: (b, [x], output, { starts, ends, axes, steps }) =>
    opened('DynamicSlice', b, [x, starts, ends, axes, steps], output),
};

/** A uniform tensor: one element, expanded. */
function openSplat(b: Builder, node: Node, vector: Value): Value {
  const [output] = node.outputs as [Value];
  const element = b.splat(Number(node.attributes.value), { shape: [1], dtype: output.dtype });
  return opened('DynamicExpand', b, [element, vector], output);
}

/** Sizes of every attribute that is a list of integers; undefined where none follows the batch. */
function openAttributes(node: Node, other: Node): Record<string, Size[]> | undefined {
  const open: Record<string, Size[]> = {};
  for (const [name, value] of Object.entries(node.attributes)) {
    if (!Array.isArray(value)) continue;
    const sizes = sizesOf(value, other.attributes[name] as readonly number[]);
    if (sizes === undefined) fail(node, `${node.op} does not follow its size linearly`);
    open[name] = sizes;
  }
  return Object.values(open).every(isFixed) ? undefined : open;
}

function createRewrite(counterparts: ReadonlyMap<Node, Node>, source: NamedValue): Rewrite {
  return (b, node, inputs) => {
    const other = counterparts.get(node) as Node;
    const [output] = node.outputs as [Value];
    const batch = () => {
      const { shape, dtype } = source.value;
      const input = b.input(source.name, { shape, dtype });
      return b.op('Shape', [input], int64(1), { start: 0, end: 1 });
    };
    if (node.op === 'Splat') {
      const sizes = sizesOf(output.shape, (other.outputs[0] as Value).shape);
      if (sizes === undefined) fail(node, 'a constant does not follow its size linearly');
      return isFixed(sizes) ? undefined : [openSplat(b, node, vectorOf(b, batch(), sizes))];
    }
    const differing = differingAttribute(node, other);
    if (differing === undefined) return undefined;
    if (node.op === 'Constant') fail(node, 'a constant depends on its size');
    const opening = OPENINGS[node.op];
    const open = openAttributes(node, other);
    if (opening === undefined || open === undefined) fail(node, `${node.op} depends on its size`);
    const vectors = Object.entries(open).map(([name, s]) => [name, vectorOf(b, batch(), s)]);
    return [opening(b, inputs, output, Object.fromEntries(vectors))];
  };
}

/** Sizes of inputs and outputs: numbers, `batch`, or a name of its own for what follows the batch otherwise. */
function dimensionsOf(first: Graph, second: Graph): Record<string, (number | string)[]> {
  const others = new Map([...second.inputs, ...second.outputs].map((o) => [o.name, o.value.shape]));
  return Object.fromEntries(
    [...first.inputs, ...first.outputs].map(({ name, value }) => {
      const sizes = value.shape.map((size, axis) => {
        const other = (others.get(name) as readonly number[])[axis] as number;
        if (other === size) return size;
        return size === PROBES[0] && other === PROBES[1] ? 'batch' : `${name}_${axis}`;
      });
      return [name, sizes];
    }),
  );
}

/**
 * The graph of a function for any batch size.
 * @param first,second its graphs for the batch sizes PROBES
 * @param input the name of an input whose first axis is the batch
 * @throws ImpureStepError naming the call that fixes the batch size
 */
export function openBatch(
  first: Graph,
  second: Graph,
  input: string,
): { readonly graph: Graph; readonly dimensions: Record<string, (number | string)[]> } {
  const { pairs, unpaired } = pairGraphs(first, second);
  if (unpaired !== undefined) fail(unpaired, 'the operations themselves depend on its size');
  const source = first.inputs.find(({ name }) => name === input) as NamedValue;
  const rewrite = createRewrite(new Map(pairs), source);
  const graph = rewriteGraph(first, rewrite, createBuilder());
  return { graph, dimensions: dimensionsOf(first, second) };
}
