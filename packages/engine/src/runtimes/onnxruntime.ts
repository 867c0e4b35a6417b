import type * as Ort from 'onnxruntime-node';
import { NonFiniteError, ProviderMissingError } from '../errors.ts';
import { createData, elementCount, type HostTensor, type TensorSpec } from '../host-tensor.ts';
import { inversePermutation, transposeHost } from '../host-transpose.ts';
import { checkFinite, isFiniteTensor } from './finite.ts';
import { inPlaceRun, type Run, type Tensors } from './in-place-run.ts';
import {
  BATCH,
  HEALTH,
  type Model,
  NEXT,
  OUT,
  type Runtime,
  type SessionOptions,
  STATE,
} from './runtime.ts';

const INSTALL_ORT = "Install the package 'onnxruntime-node' (npm install onnxruntime-node@1.30.0).";
const INSTALL_CUDA =
  "Install onnxruntime's CUDA libraries (run node_modules/onnxruntime-node/script/install.js with " +
  'ONNXRUNTIME_NODE_INSTALL=cuda12), CUDA 12 and cuDNN 9, or use the device cpu.';

async function loadOrt(): Promise<typeof Ort> {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw new ProviderMissingError('cpu', INSTALL_ORT, { cause });
  }
}

/**
 * The version of onnxruntime that steps run on.
 * @throws ProviderMissingError if the package or its library cannot be loaded
 */
export async function engineVersion(): Promise<string> {
  const { versions } = (await loadOrt()).env;
  return versions.node ?? versions.common;
}

function ortOptions(options: SessionOptions): Ort.InferenceSession.SessionOptions {
  const { device, deviceId, threads, profilePrefix } = options;
  return {
    executionProviders: [deviceId === undefined ? device : { name: device, deviceId }],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    interOpNumThreads: 1,
    // The arena keeps intermediate tensors' memory from step to step. Planned patterns would take one
    // block per run from the system instead, whose page faults cost more than they save.
    enableCpuMemArena: true,
    enableMemPattern: false,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(profilePrefix === undefined
      ? {}
      : { enableProfiling: true, profileFilePrefix: profilePrefix }),
    logSeverityLevel: 3,
  };
}

async function createSession(
  ort: typeof Ort,
  model: Uint8Array,
  options: SessionOptions,
): Promise<Ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(model, ortOptions(options));
  } catch (cause) {
    const missing = options.device === 'cuda' && /cuda|provider|\.so|\.dll/i.test(String(cause));
    if (missing) throw new ProviderMissingError('cuda', INSTALL_CUDA, { cause });
    throw cause;
  }
}

type HostTensors = Readonly<Record<string, HostTensor>>;

/** Memory of ours with onnxruntime's view of it. */
interface OrtBuffer extends HostTensor {
  readonly tensor: Ort.Tensor;
}
type OrtBuffers = Readonly<Record<string, OrtBuffer>>;

const mapValues = <T, U>(record: Readonly<Record<string, T>>, fn: (value: T, name: string) => U) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, fn(value, name)]));

/**
 * Runs a model by onnxruntime on this thread, which `run` blocks. The state lives in two sets of buffers: a step reads one
 * and writes the other, and they change places only after the step's health was checked. Neither is allocated per step.
 */
class OnnxRuntime implements Runtime {
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;
  readonly #run: Run;
  readonly #model: Model;
  readonly #profilePrefix: string | undefined;
  readonly #results: OrtBuffers;
  readonly #health: OrtBuffer;
  #current: OrtBuffers;
  #next: OrtBuffers;
  #step = 0;

  constructor(
    ort: typeof Ort,
    session: Ort.InferenceSession,
    run: Run,
    model: Model,
    state: HostTensors,
    { profilePrefix }: SessionOptions,
  ) {
    this.#ort = ort;
    this.#session = session;
    this.#run = run;
    this.#model = model;
    this.#profilePrefix = profilePrefix;
    this.#current = mapValues(state, (tensor, name) => {
      const physical = this.#toPhysical(name, tensor);
      return this.#wrap({ ...physical, data: physical.data.slice() });
    });
    this.#next = mapValues(this.#current, (buffer) => this.#allocate(buffer));
    this.#results = mapValues(model.outputs, (spec) => this.#allocate(spec));
    this.#health = this.#allocate({ shape: [model.watched.length], dtype: 'float32' });
  }

  #wrap({ shape, dtype, data }: HostTensor): OrtBuffer {
    const tensor = new this.#ort.Tensor(dtype, data as Float32Array, shape);
    return { shape, dtype, data, tensor };
  }

  #allocate({ shape, dtype }: TensorSpec): OrtBuffer {
    return this.#wrap({ shape, dtype, data: createData(dtype, elementCount(shape)) });
  }

  #toPhysical(name: string, tensor: HostTensor): HostTensor {
    const perm = this.#model.layouts[name];
    return perm === undefined ? tensor : transposeHost(tensor, perm);
  }

  /** A copy. */
  #toLogical(name: string, { shape, dtype, data }: HostTensor): HostTensor {
    const perm = this.#model.layouts[name];
    if (perm === undefined) return { shape, dtype, data: data.slice() };
    return transposeHost({ shape, dtype, data }, inversePermutation(perm));
  }

  #checkHealth(): void {
    for (const [index, name] of this.#model.watched.entries()) {
      const next = this.#next[name];
      // A sum may overflow although its terms are finite: look at them.
      const isSuspect = !Number.isFinite(this.#health.data[index]);
      if (isSuspect && next !== undefined && !isFiniteTensor(next)) {
        throw new NonFiniteError(this.#step, name);
      }
    }
  }

  async run(batch: HostTensors): Promise<Record<string, HostTensor>> {
    this.#step++;
    checkFinite(this.#step, batch);
    const feeds: Tensors = {};
    const fetches: Tensors = {};
    for (const [name, input] of Object.entries(batch)) {
      feeds[BATCH + name] = this.#wrap(input).tensor;
    }
    for (const [name, { tensor }] of Object.entries(this.#current)) feeds[STATE + name] = tensor;
    for (const [name, { tensor }] of Object.entries(this.#next)) fetches[NEXT + name] = tensor;
    for (const [name, { tensor }] of Object.entries(this.#results)) fetches[OUT + name] = tensor;
    if (this.#model.watched.length > 0) fetches[HEALTH] = this.#health.tensor;
    await this.#run(feeds, fetches);
    const outputs = mapValues(this.#results, ({ shape, dtype, data }): HostTensor => {
      return { shape, dtype, data: data.slice() };
    });
    checkFinite(this.#step, outputs);
    this.#checkHealth();
    [this.#current, this.#next] = [this.#next, this.#current];
    return outputs;
  }

  async readState(): Promise<Record<string, HostTensor>> {
    return mapValues(this.#current, (buffer, name) => this.#toLogical(name, buffer));
  }

  async writeState(state: HostTensors): Promise<void> {
    for (const [name, { data }] of Object.entries(this.#current)) {
      const given = state[name];
      if (given !== undefined) data.set(this.#toPhysical(name, given).data);
    }
  }

  async endProfile(): Promise<string | undefined> {
    if (this.#profilePrefix !== undefined) this.#session.endProfiling();
    return this.#profilePrefix;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

export async function createOnnxRuntime(
  model: Model,
  state: HostTensors,
  options: SessionOptions,
): Promise<Runtime> {
  const ort = await loadOrt();
  const session = await createSession(ort, model.bytes, options);
  const run = await inPlaceRun(ort, session);
  return new OnnxRuntime(ort, session, run, model, state, options);
}
