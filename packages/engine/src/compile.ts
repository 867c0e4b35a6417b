import { CheckpointMismatchError, EngineError } from './errors.ts';
import { flattenGraph } from './flat-graph.ts';
import {
  type FunctionSpec,
  type InferenceFunction,
  type PlainStep,
  plain,
  type StepFunction,
  type StepSpec,
} from './functions.ts';
import {
  bindBatch,
  checkStatic,
  describeSpec,
  elementCount,
  flattenTree,
  type HostTensor,
  type TensorData,
  type TensorSpec,
  type Tree,
  unflattenTree,
} from './host-tensor.ts';
import {
  type CompileOptions,
  isEager,
  loadEager,
  loadStep,
  loadTraced,
  type StepOptions,
} from './load-step.ts';
import type { Runtime } from './runtimes/runtime.ts';
import { tracePureInTurns } from './trace-pure.ts';
import { traceable } from './trace-step.ts';

export interface CompiledStep<S extends Tree<HostTensor> = Tree<HostTensor>> {
  /** One step; resolves to the outputs by flat name. @throws NonFiniteError; the state before is kept. */
  run(batch: Tree<HostTensor | TensorData>): Promise<Record<string, HostTensor>>;
  /** A copy of the state. */
  readState(): Promise<S>;
  /** @throws CheckpointMismatchError naming every missing, unexpected and mis-shaped tensor */
  writeState(state: Tree<HostTensor>): Promise<void>;
  dispose(): Promise<void>;
}

export interface CompiledFunction {
  run(inputs: Tree<HostTensor | TensorData>): Promise<Record<string, HostTensor>>;
  dispose(): Promise<void>;
}

const isComplete = ({ shape, data }: HostTensor): boolean => data.length === elementCount(shape);

/** All differences between a state and what the step was compiled for, at once. */
export function checkState(
  flat: Readonly<Record<string, HostTensor>>,
  wanted: Readonly<Record<string, TensorSpec>>,
): void {
  const missing = Object.keys(wanted).filter((name) => !(name in flat));
  const unexpected = Object.keys(flat).filter((name) => !(name in wanted));
  const misshaped = Object.entries(wanted)
    .filter(([name, spec]) => {
      const given = flat[name];
      if (given === undefined) return false;
      return describeSpec(given) !== describeSpec(spec) || !isComplete(given);
    })
    .map(([name, spec]) => {
      const given = flat[name] as HostTensor;
      const elements = isComplete(given) ? '' : ` of ${given.data.length} elements`;
      return `${name} (${describeSpec(given)}${elements} for ${describeSpec(spec)})`;
    });
  if (missing.length + unexpected.length + misshaped.length > 0) {
    throw new CheckpointMismatchError({ missing, unexpected, misshaped });
  }
}

function asStep<S extends Tree<HostTensor>>(runtime: Runtime, spec: StepSpec<S>): CompiledStep<S> {
  const batchSpecs = flattenTree<TensorSpec>(spec.batch);
  const stateSpecs = flattenTree<HostTensor>(spec.state);
  let disposed = false;
  const alive = (): void => {
    if (disposed) throw new EngineError('DISPOSED', 'The compiled step was disposed.');
  };
  return {
    async run(batch) {
      alive();
      return runtime.run(bindBatch(batch, batchSpecs));
    },
    async readState() {
      alive();
      return unflattenTree(await runtime.readState(), spec.state) as S;
    },
    async writeState(state) {
      alive();
      const flat = flattenTree<HostTensor>(state);
      checkState(flat, stateSpecs);
      await runtime.writeState(flat);
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await runtime.dispose();
    },
  };
}

/**
 * Traces `step` and loads it. The compiled step holds the state: `run` replaces it by what the step
 * returned for it. The step must be pure, return a state with the names, shapes and types it was given,
 * and take random numbers as batch tensors.
 * @throws ImpureStepError, UnsupportedKernelError, ShapeMismatchError, DynamicShapeError, ProviderMissingError,
 *   UnsupportedPrecisionError
 */
export async function compileStep<S extends Tree<HostTensor>, B extends Tree<TensorSpec>>(
  step: StepFunction<S, B>,
  spec: StepSpec<S, B>,
  options: StepOptions = {},
): Promise<CompiledStep<S>> {
  return asStep(await loadStep(plain(step), spec, options), spec);
}

/** Traces an inference function with its weights as constants of the graph (onnxruntime packs them once). */
export async function compileFunction<P extends Tree<HostTensor>, I extends Tree<TensorSpec>>(
  fn: InferenceFunction<P, I>,
  spec: FunctionSpec<P, I>,
  options: CompileOptions = {},
): Promise<CompiledFunction> {
  checkStatic(flattenTree<TensorSpec>(spec.inputs));
  const { device } = options;
  const body = plain(fn);
  if (isEager(device)) {
    const step: PlainStep = (state, batch) => ({ state, outputs: body(state, batch) });
    const trees = { state: spec.params, batch: spec.inputs };
    return asStep(await loadEager(step, trees, device, options), trees);
  }
  const graph = flattenGraph(await tracePureInTurns(...traceable(body, spec)));
  const parameters = flattenTree<HostTensor>(spec.params);
  const runtime = await loadTraced({ kind: 'function', graph, parameters }, {}, options);
  return asStep(runtime, { state: {}, batch: spec.inputs });
}
