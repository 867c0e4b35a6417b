/** Traces a function of tensors and runs its graph, with passes of the test's choice between. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Graph } from '../src/graph.ts';
import type { HostTensor } from '../src/index.ts';
import { encodeOnnx } from '../src/onnx/encode.ts';
import { createOnnxRuntime } from '../src/runtimes/onnxruntime.ts';
import { BATCH, OUT, outputSpecs } from '../src/runtimes/runtime.ts';
import { trace } from '../src/trace.ts';
import type { Fn } from './parity.ts';

const named = <T>(items: readonly T[]): Record<string, T> =>
  Object.fromEntries(items.map((item, index) => [`i${index}`, item]));

/** The graph as traced, before any pass. */
export const graphOf = (fn: Fn, inputs: readonly HostTensor[]): Graph =>
  trace(
    (tensors) => {
      const result = fn(...(Object.values(tensors) as Tensor[]));
      return [{ prefix: OUT, tensors: named(Array.isArray(result) ? result : [result]) }];
    },
    [{ prefix: BATCH, specs: named(inputs) }],
  );

export async function runGraphOf(graph: Graph, inputs: readonly HostTensor[], threads = 1) {
  const model = {
    bytes: encodeOnnx(graph),
    outputs: outputSpecs(graph, OUT),
    layouts: {},
    watched: [],
  };
  const runtime = await createOnnxRuntime(model, {}, { device: 'cpu', threads });
  const run = async () => Object.values(await runtime.run(named(inputs)));
  return { run, dispose: () => runtime.dispose() };
}
