import { ImpureStepError, UnsupportedPrecisionError } from './errors.ts';
import {
  checkStatic,
  checkTensor,
  flattenTree,
  type HostTensor,
  type TensorSpec,
  type Tree,
} from './host-tensor.ts';
import { encodeOnnx } from './onnx/encode.ts';
import { createEagerRuntime, type EagerStep } from './runtimes/eager.ts';
import { loadProgram } from './runtimes/load-program.ts';
import type { Program, Runtime } from './runtimes/runtime.ts';
import { type SharedTensors, withSharedTensors } from './runtimes/shared-tensors.ts';
import type { EagerDevice } from './runtimes/tfjs-backend.ts';
import { createWorkerRuntime, findWorker } from './runtimes/worker-client.ts';
import { type Precision, type TracedStep, traceStep } from './step-graph.ts';

/**
 * `cpu` and `cuda` run the traced graph by onnxruntime. The others run the function itself, operation by operation:
 * `tfjs` by tfjs's slow JavaScript kernels (the reference), `tfjs-node` and `tfjs-node-gpu` by TensorFlow's.
 */
export type Device = 'cpu' | 'cuda' | EagerDevice;

export interface CompileOptions {
  /** Default `cpu` (onnxruntime). */
  readonly device?: Device;
  /** Which GPU of several, from 0 (`cuda`). */
  readonly deviceId?: number;
  /** Threads of the operators; default: one per core. */
  readonly threads?: number;
  /** The built worker, where it is not beside the code or in `dist`. */
  readonly workerUrl?: URL | string;
  /** Without a worker thread: `run` then blocks the caller (for tests). */
  readonly inProcess?: boolean;
  /** Where scripts/tfjs-node/build.sh put its package; default `~/.cache/deepstyle/DEVICE`. */
  readonly tfjsNodeFolder?: string;
}

export interface StepOptions extends CompileOptions {
  /**
   * Default `float32`. `float64` computes in double precision (on `cpu` alone, many times slower, float32 in and out): to
   * hold losses and gradients against another implementation without the rounding of either.
   */
  readonly precision?: Precision;
}

/** What the package's own callers may ask for besides. */
export interface LoadOptions extends StepOptions {
  readonly shared?: SharedTensors;
  /** Makes onnxruntime write a trace of every operator to a file of this name and a suffix. */
  readonly profilePrefix?: string;
}

export interface StepSpec {
  readonly state: Tree<HostTensor>;
  readonly batch: Tree<TensorSpec>;
}

export const isEager = (device: Device | undefined): device is EagerDevice =>
  device !== undefined && device !== 'cpu' && device !== 'cuda';

/** The eager runtime for a step. */
export async function loadEager(
  step: EagerStep,
  spec: StepSpec,
  device: EagerDevice,
  { tfjsNodeFolder, shared }: LoadOptions,
): Promise<Runtime> {
  const initial = flattenTree<HostTensor>(spec.state);
  const runtime = await createEagerRuntime(step, initial, spec, device, tfjsNodeFolder);
  return shared === undefined ? runtime : withSharedTensors(runtime, shared);
}

/** An encoded graph, on a worker thread unless told otherwise. */
export function loadTraced(
  traced: TracedStep,
  model: Uint8Array,
  options: LoadOptions,
): Promise<Runtime> {
  const program: Program = {
    model,
    device: options.device === 'cuda' ? 'cuda' : 'cpu',
    deviceId: options.deviceId,
    threads: options.threads,
    state: traced.state,
    batch: traced.batch,
    outputs: traced.outputs,
    watched: traced.watched,
    layouts: traced.layouts,
    profilePrefix: options.profilePrefix,
    shared: options.shared,
  };
  if (options.inProcess === true) return loadProgram(program);
  return createWorkerRuntime(program, options.workerUrl ?? findWorker());
}

/** Says of a step that returned a promise that it did, rather than what a promise lacks. */
function refuseAsync(step: EagerStep): EagerStep {
  return (state, batch) => {
    const result: unknown = step(state, batch);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      throw new ImpureStepError('The function is asynchronous', 'the traced function');
    }
    return result as ReturnType<EagerStep>;
  };
}

/** Each tensor has as many elements as its shape says. */
function checkInitial(state: Tree<HostTensor>): void {
  const flat = flattenTree<HostTensor>(state);
  checkStatic(flat);
  for (const [name, tensor] of Object.entries(flat)) checkTensor(name, tensor, tensor);
}

/** Traces and loads a step, or makes it ready to run by itself. */
export async function loadStep(
  step: EagerStep,
  spec: StepSpec,
  options: LoadOptions,
): Promise<Runtime> {
  checkStatic(flattenTree<TensorSpec>(spec.batch));
  checkInitial(spec.state);
  const { device = 'cpu', precision } = options;
  if (precision === 'float64' && device !== 'cpu') throw new UnsupportedPrecisionError(device);
  if (isEager(device)) return loadEager(refuseAsync(step), spec, device, options);
  const traced = traceStep(refuseAsync(step), spec, precision);
  return loadTraced(traced, encodeOnnx(traced.graph), options);
}
