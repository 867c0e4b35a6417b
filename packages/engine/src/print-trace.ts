import type { FunctionSpec, InferenceFunction, PlainFunction } from './compile.ts';
import { printGraph } from './graph.ts';
import type { HostTensor, TensorSpec, Tree } from './host-tensor.ts';
import { BATCH, OUT, STATE } from './runtimes/runtime.ts';
import { traceFunction } from './step-graph.ts';
import { tracePure } from './trace-pure.ts';

export interface PrintOptions {
  /** After the passes, as an inference graph; default is what was recorded. */
  readonly optimised?: boolean;
}

/**
 * What a function does, as text: one line per operation, each with its shape. Parameters are `%state.*`, inputs `%batch.*`.
 * A step prints, too: its `state` and `outputs` are the tree that it returns.
 * @throws ImpureStepError, UnsupportedKernelError
 */
export function printTrace<P extends Tree<HostTensor>, I extends Tree<TensorSpec>>(
  fn: InferenceFunction<P, I>,
  { params, inputs }: FunctionSpec<P, I>,
  { optimised = false }: PrintOptions = {},
): string {
  const plain = fn as unknown as PlainFunction;
  if (optimised) return printGraph(traceFunction(plain, { params, inputs }).graph);
  const groups = [
    { prefix: STATE, specs: params },
    { prefix: BATCH, specs: inputs },
  ];
  const outputs: Parameters<typeof tracePure>[0] = (p, i) => [
    { prefix: OUT, tensors: plain(p as never, i as never) },
  ];
  return printGraph(tracePure(outputs, groups));
}
