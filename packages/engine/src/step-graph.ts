import type { Tensor } from '@tensorflow/tfjs-core';
import { createBuilder, rewriteGraph } from './builder.ts';
import { ImpureStepError } from './errors.ts';
import type { Graph, NamedValue, Value } from './graph.ts';
import {
  checkNextState,
  type DType,
  flattenTree,
  type HostTensor,
  type TensorSpec,
  type Tree,
} from './host-tensor.ts';
import { concat, reduce, reshape } from './ops.ts';
import { onnxConvolution } from './passes/convolution/onnx-convolution.ts';
import { doublePrecision } from './passes/double-precision.ts';
import { chooseProducts, lowerConvolutions } from './passes/lower-convolutions.ts';
import { lowerNormalisation } from './passes/lower-normalisation.ts';
import { pushTransposes, settleLayouts } from './passes/push-transposes.ts';
import type { EagerStep } from './runtimes/eager.ts';
import { ECHO, STOP, TICK } from './runtimes/in-place-run.ts';
import { BATCH, HEALTH, NEXT, OUT, STATE } from './runtimes/runtime.ts';
import { tracePure } from './trace-pure.ts';

/** A traced and optimised step with what a runtime must know about it. */
export interface TracedStep {
  readonly graph: Graph;
  readonly state: Readonly<Record<string, HostTensor>>;
  readonly batch: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  readonly watched: readonly string[];
  /** Axis orders in which the graph keeps state tensors, where they are not the caller's. */
  readonly layouts: Readonly<Record<string, readonly number[]>>;
}

export interface TracedFunction extends TracedStep {
  readonly parameters: Readonly<Record<string, HostTensor>>;
}

/** What a step computes in. Tensors that go in and come out are float32 either way. */
export type Precision = 'float32' | 'float64';

const pairOf = (input: string): string =>
  input.startsWith(STATE) ? NEXT + input.slice(STATE.length) : '';

/** Training graphs: convolutions by the fastest method, state in the axis order that needs no transposes. */
function optimiseStep(
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
  const normalised = lowerNormalisation(settled.graph);
  return {
    graph: isDouble ? doublePrecision(normalised) : normalised,
    layouts: Object.fromEntries(layouts),
  };
}

/** Inference graphs: onnxruntime's own convolutions, which pack constant weights. */
const optimiseFunction = (graph: Graph): Graph =>
  lowerNormalisation(pushTransposes(lowerConvolutions(graph, () => onnxConvolution)));

/** The next state among a graph's outputs, by the names of the state. */
const nextState = (outputs: readonly NamedValue[]): Record<string, TensorSpec> =>
  Object.fromEntries(
    outputs
      .filter(({ name }) => name.startsWith(NEXT))
      .map(({ name, value: { shape, dtype } }) => [
        name.slice(NEXT.length),
        { shape, dtype: dtype as DType },
      ]),
  );

const outputSpecs = (graph: Graph): Record<string, TensorSpec> =>
  Object.fromEntries(
    graph.outputs
      .filter(({ name }) => name.startsWith(OUT))
      .map(({ name, value }) => [
        name.slice(OUT.length),
        { shape: value.shape, dtype: value.dtype as DType },
      ]),
  );

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
  const spec = { shape: [1], dtype: 'int32' as const };
  const tick = builder.input(TICK, spec);
  const stop = builder.op('SequenceConstruct', [tick], spec);
  return {
    graph: {
      inputs: [...copied.inputs, { name: TICK, value: tick }],
      outputs: [
        { name: STOP, value: stop },
        ...copied.outputs,
        ...health,
        { name: ECHO, value: tick },
      ],
    },
    watched,
  };
}

function checkResult(result: unknown): asserts result is ReturnType<EagerStep> {
  const { state, outputs } = (result ?? {}) as { state?: unknown; outputs?: unknown };
  if (typeof state !== 'object' || typeof outputs !== 'object' || result instanceof Promise) {
    throw new ImpureStepError('The step did not return {state, outputs}', 'the step');
  }
}

export function traceStep(
  step: EagerStep,
  spec: { readonly state: Tree<HostTensor>; readonly batch: Tree<TensorSpec> },
  precision: Precision = 'float32',
): TracedStep {
  const raw = tracePure(
    (state, batch) => {
      const result = step(state as Tree<Tensor>, batch as Tree<Tensor>);
      checkResult(result);
      return [
        { prefix: NEXT, tensors: result.state },
        { prefix: OUT, tensors: result.outputs },
      ];
    },
    [
      { prefix: STATE, specs: spec.state },
      { prefix: BATCH, specs: spec.batch },
    ],
  );
  const state = flattenTree<HostTensor>(spec.state);
  checkNextState(nextState(raw.outputs), state);
  const optimised = optimiseStep(raw, precision);
  const { graph, watched } = watch(optimised.graph);
  const batch = flattenTree<TensorSpec>(spec.batch);
  return { graph, state, batch, outputs: outputSpecs(graph), watched, layouts: optimised.layouts };
}

export function traceFunction(
  fn: (params: Tree<Tensor>, inputs: Tree<Tensor>) => Tree<Tensor>,
  spec: { readonly params: Tree<HostTensor>; readonly inputs: Tree<TensorSpec> },
): TracedFunction {
  const raw = tracePure(
    (params, inputs) => [
      { prefix: OUT, tensors: fn(params as Tree<Tensor>, inputs as Tree<Tensor>) },
    ],
    [
      { prefix: STATE, specs: spec.params },
      { prefix: BATCH, specs: spec.inputs },
    ],
  );
  const graph = optimiseFunction(raw);
  return {
    graph,
    state: {},
    parameters: flattenTree<HostTensor>(spec.params),
    batch: flattenTree<TensorSpec>(spec.inputs),
    outputs: outputSpecs(graph),
    watched: [],
    layouts: {},
  };
}
