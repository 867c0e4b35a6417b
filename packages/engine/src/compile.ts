import type { Tensor } from '@tensorflow/tfjs-core';
import { CheckpointMismatchError, EngineError, ImpureStepError } from './errors.ts';
import {
  bindBatch,
  describeSpec,
  flattenTree,
  type HostTensor,
  type TensorData,
  type TensorSpec,
  type Tree,
  unflattenTree,
} from './host-tensor.ts';
import { encodeOnnx } from './onnx/encode.ts';
import { createEagerRuntime, type EagerStep } from './runtimes/eager.ts';
import { createOnnxRuntime } from './runtimes/onnxruntime.ts';
import { BATCH, type Program, type Runtime, STATE } from './runtimes/runtime.ts';
import { createWorkerRuntime, findWorker } from './runtimes/worker-client.ts';
import { type TracedStep, traceFunction, traceStep } from './step-graph.ts';

/** The tensors that a function receives for a tree of host tensors or specs. */
export type TensorsOf<S> = S extends { readonly shape: readonly number[]; readonly dtype: string }
  ? Tensor
  : { readonly [K in keyof S]: TensorsOf<S[K]> };

export type Device = 'cpu' | 'cuda' | 'tfjs' | 'tfjs-node';

export interface CompileOptions {
  /** Default `cpu` (onnxruntime). */
  readonly device?: Device;
  /** Threads of the operators; default: one per core. */
  readonly threads?: number;
  /** The built worker, where it is not beside the code or in `dist`. */
  readonly workerUrl?: URL | string;
  /** Without a worker thread: `run` then blocks the caller (for tests). */
  readonly inProcess?: boolean;
  /** Makes onnxruntime write a trace of every operator; see profile.ts. */
  readonly profilePrefix?: string;
}

export interface CompiledStep<S extends Tree<HostTensor> = Tree<HostTensor>> {
  /** One step; resolves to the outputs by flat name. @throws NonFiniteError; the state before is kept. */
  run(batch: Tree<HostTensor | TensorData>): Promise<Record<string, HostTensor>>;
  /** A copy of the state. */
  readState(): Promise<S>;
  /** @throws CheckpointMismatchError naming every missing, unexpected and mis-shaped tensor */
  writeState(state: Tree<HostTensor>): Promise<void>;
  dispose(): Promise<void>;
  /** Ends the profile asked for by `profilePrefix`. */
  endProfile(): Promise<void>;
}

export interface CompiledFunction {
  run(inputs: Tree<HostTensor | TensorData>): Promise<Record<string, HostTensor>>;
  dispose(): Promise<void>;
}

type StepFunction<S, B> = (
  state: TensorsOf<S>,
  batch: TensorsOf<B>,
) => { readonly state: Tree<Tensor>; readonly outputs: Tree<Tensor> };

function loadOnnx(program: Program, options: CompileOptions): Promise<Runtime> {
  if (options.inProcess === true) return createOnnxRuntime(program);
  return createWorkerRuntime(program, options.workerUrl ?? findWorker());
}

function programOf(traced: TracedStep, model: Uint8Array, options: CompileOptions): Program {
  const { device = 'cpu' } = options;
  return {
    model,
    device: device === 'cuda' ? 'cuda' : 'cpu',
    threads: options.threads,
    state: traced.state,
    batch: traced.batch,
    outputs: traced.outputs,
    watched: traced.watched,
    layouts: traced.layouts,
    profilePrefix: options.profilePrefix,
  };
}

/** All differences between a state and what the step was compiled for, at once. */
function checkState(
  flat: Readonly<Record<string, HostTensor>>,
  wanted: Readonly<Record<string, TensorSpec>>,
): void {
  const missing = Object.keys(wanted).filter((name) => !(name in flat));
  const unexpected = Object.keys(flat).filter((name) => !(name in wanted));
  const misshaped = Object.entries(wanted)
    .filter(([name, spec]) => {
      const given = flat[name];
      return given !== undefined && describeSpec(given) !== describeSpec(spec);
    })
    .map(([name, spec]) => {
      return `${name} (${describeSpec(flat[name] as HostTensor)} for ${describeSpec(spec)})`;
    });
  if (missing.length + unexpected.length + misshaped.length > 0) {
    throw new CheckpointMismatchError({ missing, unexpected, misshaped });
  }
}

function asStep<S extends Tree<HostTensor>>(
  runtime: Runtime,
  spec: { state: S; batch: Tree<TensorSpec> },
): CompiledStep<S> {
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
    async endProfile() {
      await runtime.endProfile();
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await runtime.dispose();
    },
  };
}

/**
 * Traces `step` once and loads it. The compiled step holds the state: `run` replaces it by what the step
 * returned for it. The step must be pure, return a state with the names, shapes and types it was given,
 * and take random numbers as batch tensors.
 * @throws ImpureStepError, UnsupportedKernelError, ShapeMismatchError, ProviderMissingError
 */
export async function compileStep<S extends Tree<HostTensor>, B extends Tree<TensorSpec>>(
  step: StepFunction<S, B>,
  spec: { readonly state: S; readonly batch: B },
  options: CompileOptions = {},
): Promise<CompiledStep<S>> {
  const eager = step as unknown as EagerStep;
  const { device = 'cpu' } = options;
  if (device === 'tfjs' || device === 'tfjs-node') {
    const initial = flattenTree<HostTensor>(spec.state);
    return asStep(await createEagerRuntime(eager, initial, spec, device), spec);
  }
  const traced = traceStep(eager, spec);
  const program = programOf(traced, encodeOnnx(traced.graph), options);
  return asStep(await loadOnnx(program, options), spec);
}

type InferenceFunction<P, I> = (params: TensorsOf<P>, inputs: TensorsOf<I>) => Tree<Tensor>;

export interface FunctionSpec<P extends Tree<HostTensor>, I extends Tree<TensorSpec>> {
  readonly params: P;
  readonly inputs: I;
}

/** Traces an inference function with its weights as constants of the graph (onnxruntime packs them once). */
export async function compileFunction<P extends Tree<HostTensor>, I extends Tree<TensorSpec>>(
  fn: InferenceFunction<P, I>,
  spec: FunctionSpec<P, I>,
  options: CompileOptions = {},
): Promise<CompiledFunction> {
  const { device = 'cpu' } = options;
  const plain = fn as unknown as (params: Tree<Tensor>, inputs: Tree<Tensor>) => Tree<Tensor>;
  if (device === 'tfjs' || device === 'tfjs-node') {
    const step: EagerStep = (state, batch) => ({ state, outputs: plain(state, batch) });
    const trees = { state: spec.params, batch: spec.inputs };
    const initial = flattenTree<HostTensor>(spec.params);
    const runtime = await createEagerRuntime(step, initial, trees, device);
    return asStep(runtime, { state: spec.params, batch: spec.inputs });
  }
  const traced = traceFunction(plain, spec);
  const model = encodeOnnx(traced.graph, { initializers: prefixed(traced.parameters) });
  const runtime = await loadOnnx(programOf(traced, model, options), options);
  return asStep(runtime, { state: {}, batch: spec.inputs });
}

const prefixed = (parameters: Readonly<Record<string, HostTensor>>) =>
  Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [STATE + name, tensor]));

export interface ExportOptions {
  /** Leaves the first axis of inputs and outputs open. */
  readonly dynamicBatch?: boolean;
  /** Becomes the model's metadata properties. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A standalone ONNX model (operators of the standard only) with the weights inside. Inputs and outputs
 * have the names of the trees.
 * @throws ImpureStepError if `dynamicBatch` is asked for and the function fixes the batch size somewhere
 */
export function exportOnnx<P extends Tree<HostTensor>, I extends Tree<TensorSpec>>(
  fn: InferenceFunction<P, I>,
  spec: FunctionSpec<P, I> & ExportOptions,
): Uint8Array {
  const plain = fn as unknown as (params: Tree<Tensor>, inputs: Tree<Tensor>) => Tree<Tensor>;
  const traced = traceFunction(plain, spec);
  const rename = (name: string) => (name.startsWith(BATCH) ? name.slice(BATCH.length) : name);
  const graph = {
    inputs: traced.graph.inputs.map(({ name, value }) => ({ name: rename(name), value })),
    outputs: traced.graph.outputs.map(({ name, value }) => ({
      name: name.replace(/^out\./, ''),
      value,
    })),
  };
  const clash = graph.outputs.find((o) => graph.inputs.some((i) => i.name === o.name));
  if (clash !== undefined) {
    throw new ImpureStepError(`Input and output are both named '${clash.name}'`, 'exportOnnx');
  }
  return encodeOnnx(graph, {
    initializers: prefixed(traced.parameters),
    standard: true,
    dynamicBatch: spec.dynamicBatch ?? false,
    metadata: spec.metadata ?? {},
  });
}
