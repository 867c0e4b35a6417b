import { optimizeFunction } from './build-model.ts';
import { type FunctionSpec, type InferenceFunction, plain } from './functions.ts';
import { printGraph } from './graph.ts';
import type { HostTensor, TensorSpec, Tree } from './host-tensor.ts';
import { tracePure } from './trace-pure.ts';
import { traceable } from './trace-step.ts';

export interface PrintOptions {
  /** After the passes, as an inference graph; default is what was recorded. */
  readonly optimized?: boolean;
}

/**
 * What a function does, as text: one line per operation, each with its shape. Parameters are `%state.*`, inputs `%batch.*`.
 * A step prints, too: its `state` and `outputs` are the tree that it returns.
 * @throws ImpureStepError, UnsupportedKernelError
 */
export function printTrace<P extends Tree<HostTensor>, I extends Tree<TensorSpec>>(
  fn: InferenceFunction<P, I>,
  spec: FunctionSpec<P, I>,
  { optimized = false }: PrintOptions = {},
): string {
  const graph = tracePure(...traceable(plain(fn), spec));
  return printGraph(optimized ? optimizeFunction(graph) : graph);
}
