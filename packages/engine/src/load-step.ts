import type { Precision, Traced } from './build-model.ts';
import { ImpureStepError, UnsupportedPrecisionError } from './errors.ts';
import { type FlatGraph, flattenGraph } from './flat-graph.ts';
import type { PlainStep, StepResult, StepSpec } from './functions.ts';
import {
  checkStatic,
  checkTensor,
  flattenTree,
  type HostTensor,
  type TensorSpec,
  type Tree,
} from './host-tensor.ts';
import { createEagerRuntime } from './runtimes/eager.ts';
import { loadProgram } from './runtimes/load-program.ts';
import type { Runtime } from './runtimes/runtime.ts';
import { type SharedTensors, withSharedTensors } from './runtimes/shared-tensors.ts';
import type { EagerDevice } from './runtimes/tfjs-backend.ts';
import { createWorkerRuntime, findWorker } from './runtimes/worker-client.ts';
import { traceStep } from './trace-step.ts';

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

export const isEager = (device: Device | undefined): device is EagerDevice =>
  device !== undefined && device !== 'cpu' && device !== 'cuda';

/** The eager runtime for a step. */
export async function loadEager(
  step: PlainStep,
  spec: StepSpec,
  device: EagerDevice,
  { tfjsNodeFolder, shared }: LoadOptions,
): Promise<Runtime> {
  const runtime = await createEagerRuntime(step, spec, device, tfjsNodeFolder);
  return shared === undefined ? runtime : withSharedTensors(runtime, shared);
}

/** Builds and loads a traced graph, on a worker thread unless told otherwise. */
export function loadTraced(
  traced: Traced,
  state: Tree<HostTensor>,
  options: LoadOptions,
): Promise<Runtime> {
  const { deviceId, threads, profilePrefix, shared } = options;
  const device = options.device === 'cuda' ? 'cuda' : 'cpu';
  const session = { device, deviceId, threads, profilePrefix } as const;
  const program = { traced, state: flattenTree<HostTensor>(state), session, shared };
  if (options.inProcess === true) return loadProgram(program);
  return createWorkerRuntime(program, options.workerUrl ?? findWorker());
}

/** Says of a step that returned a promise that it did, rather than what a promise lacks. */
function refuseAsync(step: PlainStep): PlainStep {
  return (state, batch) => {
    const result: unknown = step(state, batch);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      throw new ImpureStepError('The function is asynchronous', 'the traced function');
    }
    return result as StepResult;
  };
}

/** Each tensor has as many elements as its shape says. */
function checkInitial(state: Tree<HostTensor>): void {
  const flat = flattenTree<HostTensor>(state);
  checkStatic(flat);
  for (const [name, tensor] of Object.entries(flat)) checkTensor(name, tensor, tensor);
}

/**
 * Loads a step any number of times. It is traced once, when the first graph is needed; eager devices run it as it is.
 */
export function createLoader(step: PlainStep, spec: StepSpec) {
  checkStatic(flattenTree<TensorSpec>(spec.batch));
  checkInitial(spec.state);
  const body = refuseAsync(step);
  let graph: Promise<FlatGraph> | undefined;
  return async (options: LoadOptions): Promise<Runtime> => {
    const { device = 'cpu', precision = 'float32' } = options;
    if (precision === 'float64' && device !== 'cpu') throw new UnsupportedPrecisionError(device);
    if (isEager(device)) return loadEager(body, spec, device, options);
    graph ??= traceStep(body, spec).then(flattenGraph);
    return loadTraced({ kind: 'step', graph: await graph, precision }, spec.state, options);
  };
}

export const loadStep = async (
  step: PlainStep,
  spec: StepSpec,
  options: LoadOptions,
): Promise<Runtime> => createLoader(step, spec)(options);
