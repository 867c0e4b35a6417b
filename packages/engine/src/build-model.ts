/** From a graph as traced to a model that onnxruntime loads. Imports no tfjs: workers do this. */
import { createBuilder, rewriteGraph } from './builder.ts';
import { type FlatGraph, rebuildGraph } from './flat-graph.ts';
import type { Graph, Value } from './graph.ts';
import type { HostTensor } from './host-tensor.ts';
import { encodeOnnx } from './onnx/encode.ts';
import { concat, reduce, reshape } from './ops.ts';
import { onnxConvolution } from './passes/convolution/onnx-convolution.ts';
import { doublePrecision } from './passes/double-precision.ts';
import { chooseProducts, lowerConvolutions } from './passes/lower-convolutions.ts';
import { lowerNormalization } from './passes/lower-normalization.ts';
import { pushTransposes, settleLayouts } from './passes/push-transposes.ts';
import { withStop } from './runtimes/in-place-run.ts';
import { HEALTH, type Model, NEXT, OUT, outputSpecs, STATE } from './runtimes/runtime.ts';

/** What a step computes in. Tensors that go in and come out are float32 either way. */
export type Precision = 'float32' | 'float64';

/** A traced step, or a traced function with its parameters. */
export type Traced =
  | { readonly kind: 'step'; readonly graph: FlatGraph; readonly precision: Precision }
  | {
      readonly kind: 'function';
      readonly graph: FlatGraph;
      /** By flat name. They become constants of the model. */
      readonly parameters: Readonly<Record<string, HostTensor>>;
    };

const pairOf = (input: string): string =>
  input.startsWith(STATE) ? NEXT + input.slice(STATE.length) : '';

/** Training graphs: convolutions by the fastest method, state in the axis order that needs no transposes. */
function optimizeStep(
  graph: Graph,
  precision: Precision,
): { graph: Graph; layouts: Record<string, readonly number[]> } {
  const isDouble = precision === 'float64';
  const lowered = isDouble ? lowerConvolutions(graph, chooseProducts) : lowerConvolutions(graph);
  const settled = settleLayouts(lowered, pairOf);
  const layouts = Object.entries(settled.layouts).map(([name, perm]) => [
    name.slice(STATE.length),
    perm,
  ]);
  const normalized = lowerNormalization(settled.graph);
  return {
    graph: isDouble ? doublePrecision(normalized) : normalized,
    layouts: Object.fromEntries(layouts),
  };
}

/** Inference graphs: onnxruntime's own convolutions, which pack constant weights. */
export const optimizeFunction = (graph: Graph): Graph =>
  lowerNormalization(pushTransposes(lowerConvolutions(graph, () => onnxConvolution)));

/** Adds what in-place-run.ts needs, and the output `health`: the sum of every float state tensor, non-finite where the tensor is. */
function watch(graph: Graph): { graph: Graph; watched: string[] } {
  const watched: string[] = [];
  const builder = createBuilder();
  const copied = rewriteGraph(graph, () => undefined, builder);
  const sums: Value[] = [];
  for (const { name, value } of copied.outputs) {
    if (!name.startsWith(NEXT) || value.dtype !== 'float32' || value.node.op === 'Input') continue;
    watched.push(name.slice(NEXT.length));
    const axes = value.shape.map((_, axis) => axis);
    sums.push(reshape(builder, reduce(builder, 'ReduceSum', value, axes), [1]));
  }
  const health = sums.length === 0 ? [] : [{ name: HEALTH, value: concat(builder, sums, 0) }];
  const outputs = [...copied.outputs, ...health];
  return { graph: withStop(builder, { inputs: copied.inputs, outputs }), watched };
}

/** The graph of a step with what a runtime needs of it. */
export function prepareStep(graph: Graph, precision: Precision = 'float32') {
  const { graph: optimized, layouts } = optimizeStep(graph, precision);
  return { ...watch(optimized), layouts };
}

/** Parameters by the names of the graph's inputs. */
export const asInputs = (parameters: Readonly<Record<string, HostTensor>>) =>
  Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [STATE + name, tensor]));

export function buildModel(traced: Traced): Model {
  const raw = rebuildGraph(traced.graph);
  if (traced.kind === 'function') {
    const graph = optimizeFunction(raw);
    const bytes = encodeOnnx(graph, { initializers: asInputs(traced.parameters) });
    return { bytes, outputs: outputSpecs(graph, OUT), watched: [], layouts: {} };
  }
  const { graph, ...rest } = prepareStep(raw, traced.precision);
  return { bytes: encodeOnnx(graph), outputs: outputSpecs(graph, OUT), ...rest };
}
