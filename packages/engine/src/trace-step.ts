/** Steps and functions as graphs, whose inputs and outputs have the names that runtimes know. */
import { ImpureStepError } from './errors.ts';
import type { FunctionSpec, PlainFunction, PlainStep, StepResult, StepSpec } from './functions.ts';
import type { Graph } from './graph.ts';
import { checkNextState, flattenTree, type HostTensor } from './host-tensor.ts';
import { BATCH, NEXT, OUT, outputSpecs, STATE } from './runtimes/runtime.ts';
import type { InputGroup, Traceable } from './trace.ts';
import { tracePureInTurns } from './trace-pure.ts';

function checkResult(result: unknown): asserts result is StepResult {
  const { state, outputs } = (result ?? {}) as { state?: unknown; outputs?: unknown };
  if (typeof state !== 'object' || typeof outputs !== 'object') {
    throw new ImpureStepError('The step did not return {state, outputs}', 'the step');
  }
}

/** A function with its inputs, as trace and tracePure take it. */
export const traceable = (
  fn: PlainFunction,
  { params, inputs }: FunctionSpec,
): [Traceable, InputGroup[]] => [
  (first, second) => [{ prefix: OUT, tensors: fn(first, second) }],
  [
    { prefix: STATE, specs: params },
    { prefix: BATCH, specs: inputs },
  ],
];

/** @throws ImpureStepError, UnsupportedKernelError, ShapeMismatchError */
export async function traceStep(step: PlainStep, { state, batch }: StepSpec): Promise<Graph> {
  const graph = await tracePureInTurns(
    (before, given) => {
      const result = step(before, given);
      checkResult(result);
      return [
        { prefix: NEXT, tensors: result.state },
        { prefix: OUT, tensors: result.outputs },
      ];
    },
    [
      { prefix: STATE, specs: state },
      { prefix: BATCH, specs: batch },
    ],
  );
  checkNextState(outputSpecs(graph, NEXT), flattenTree<HostTensor>(state));
  return graph;
}
