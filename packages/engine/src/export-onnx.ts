import { asInputs, optimizeFunction } from './build-model.ts';
import { ImpureStepError, ShapeMismatchError } from './errors.ts';
import {
  type FunctionSpec,
  type InferenceFunction,
  type PlainFunction,
  plain,
} from './functions.ts';
import type { Graph, NamedValue } from './graph.ts';
import {
  checkStatic,
  flattenTree,
  type HostTensor,
  type TensorSpec,
  type Tree,
  unflattenTree,
} from './host-tensor.ts';
import { encodeOnnx } from './onnx/encode.ts';
import { openBatch, PROBES } from './open-batch.ts';
import { BATCH, OUT } from './runtimes/runtime.ts';
import { tracePure } from './trace-pure.ts';
import { traceable } from './trace-step.ts';

export interface ExportOptions {
  /** Leaves the first axis of all inputs open, whatever its size in the specs, and every size that follows it. */
  readonly dynamicBatch?: boolean;
  /** Becomes the model's metadata properties. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const withoutPrefix = (prefix: string, names: readonly NamedValue[]): NamedValue[] =>
  names.map(({ name, value }) => ({
    name: name.startsWith(prefix) ? name.slice(prefix.length) : name,
    value,
  }));

/** The graph of a function, its inputs and outputs by the names of the trees. */
function graphOf(fn: PlainFunction, spec: FunctionSpec): Graph {
  const graph = optimizeFunction(tracePure(...traceable(fn, spec), true));
  const inputs = withoutPrefix(BATCH, graph.inputs);
  const outputs = withoutPrefix(OUT, graph.outputs);
  const clash = outputs.find((o) => inputs.some((i) => i.name === o.name));
  if (clash !== undefined) {
    throw new ImpureStepError(`Input and output are both named '${clash.name}'`, 'exportOnnx');
  }
  return { inputs, outputs };
}

/** The inputs for another batch size, which is the first axis of each. */
function withBatch(inputs: Tree<TensorSpec>, batch: number): Tree<TensorSpec> {
  const flat = Object.entries(flattenTree<TensorSpec>(inputs)).map(([name, { shape, dtype }]) => {
    if (shape.length === 0) {
      throw new ShapeMismatchError(`'${name}'`, 'a first axis, which dynamicBatch opens', 'none');
    }
    return [name, { shape: [batch, ...shape.slice(1)], dtype }] as const;
  });
  return unflattenTree<TensorSpec>(Object.fromEntries(flat), inputs);
}

function openGraph(fn: PlainFunction, params: Tree<HostTensor>, inputs: Tree<TensorSpec>) {
  const [name] = Object.keys(flattenTree<TensorSpec>(inputs));
  if (name === undefined) throw new ShapeMismatchError('The inputs', 'at least one', 'none');
  const [first, second] = PROBES.map((batch) =>
    graphOf(fn, { params, inputs: withBatch(inputs, batch) }),
  ) as [Graph, Graph];
  return openBatch(first, second, name);
}

/**
 * A standalone ONNX model (opset 18, operators of the standard only) with the weights inside. Inputs and outputs have the
 * names of the trees.
 * @throws ImpureStepError if `dynamicBatch` is asked for and the function fixes the batch size somewhere; it names where
 */
export function exportOnnx<P extends Tree<HostTensor>, I extends Tree<TensorSpec>>(
  fn: InferenceFunction<P, I>,
  spec: FunctionSpec<P, I> & ExportOptions,
): Uint8Array {
  const body = plain(fn);
  const { params, inputs, dynamicBatch = false, metadata = {} } = spec;
  checkStatic(flattenTree<TensorSpec>(dynamicBatch ? withBatch(inputs, 1) : inputs));
  const initializers = asInputs(flattenTree<HostTensor>(params));
  const { graph, dimensions } = dynamicBatch
    ? openGraph(body, params, inputs)
    : { graph: graphOf(body, { params, inputs }), dimensions: {} };
  return encodeOnnx(graph, { initializers, standard: true, dimensions, metadata });
}
