import type * as Ort from 'onnxruntime-node';
import { NonFiniteError, ProviderMissingError } from '../errors.ts';
import { createData, elementCount, type HostTensor, type TensorSpec } from '../host-tensor.ts';
import { inversePermutation, transposeHost } from '../host-transpose.ts';
import { firstNonFinite } from './finite.ts';
import { runInPlace, type Tensors } from './in-place-run.ts';
import { BATCH, HEALTH, NEXT, OUT, type Program, type Runtime, STATE } from './runtime.ts';

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

function sessionOptions(program: Program): Ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [
      program.deviceId === undefined
        ? program.device
        : { name: program.device, deviceId: program.deviceId },
    ],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    interOpNumThreads: 1,
    // The arena keeps intermediate tensors' memory from step to step. Planned patterns would take one
    // block per run from the system instead, whose page faults cost more than they save.
    enableCpuMemArena: true,
    enableMemPattern: false,
    ...(program.threads === undefined ? {} : { intraOpNumThreads: program.threads }),
    ...(program.profilePrefix === undefined
      ? {}
      : { enableProfiling: true, profileFilePrefix: program.profilePrefix }),
    logSeverityLevel: 3,
  };
}

async function createSession(ort: typeof Ort, program: Program): Promise<Ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(program.model, sessionOptions(program));
  } catch (cause) {
    const missing = program.device === 'cuda' && /cuda|provider|\.so|\.dll/i.test(String(cause));
    if (missing) throw new ProviderMissingError('cuda', INSTALL_CUDA, { cause });
    throw cause;
  }
}

const floats = (tensor: Ort.Tensor | undefined): Float32Array => tensor?.data as Float32Array;

/**
 * Runs a program by onnxruntime on this thread, which `run` blocks. The state lives in two sets of
 * buffers: a step reads one and writes the other, and they change places only after the step's health
 * was checked. No tensor is allocated per step.
 */
class OnnxRuntime implements Runtime {
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;
  readonly #program: Program;
  readonly #results: Tensors = {};
  readonly #health: Ort.Tensor;
  #current: Tensors = {};
  #next: Tensors = {};
  #step = 0;

  constructor(ort: typeof Ort, session: Ort.InferenceSession, program: Program) {
    this.#ort = ort;
    this.#session = session;
    this.#program = program;
    for (const [name, tensor] of Object.entries(program.state)) {
      const physical = this.#toPhysical(name, tensor);
      this.#current[name] = this.#wrap({ ...physical, data: physical.data.slice() });
      this.#next[name] = this.#allocate(physical);
    }
    for (const [name, spec] of Object.entries(program.outputs))
      this.#results[name] = this.#allocate(spec);
    this.#health = this.#allocate({ shape: [program.watched.length], dtype: 'float32' });
  }

  #wrap(tensor: HostTensor): Ort.Tensor {
    return new this.#ort.Tensor(tensor.dtype, tensor.data as Float32Array, [...tensor.shape]);
  }

  #allocate({ shape, dtype }: TensorSpec): Ort.Tensor {
    return this.#wrap({ shape, dtype, data: createData(dtype, elementCount(shape)) });
  }

  #toPhysical(name: string, tensor: HostTensor): HostTensor {
    const perm = this.#program.layouts[name];
    return perm === undefined ? tensor : transposeHost(tensor, perm);
  }

  #toLogical(name: string, tensor: Ort.Tensor): HostTensor {
    const { dtype } = this.#program.state[name] as HostTensor;
    const physical = { shape: tensor.dims, dtype, data: floats(tensor) };
    const perm = this.#program.layouts[name];
    if (perm !== undefined) return transposeHost(physical, inversePermutation(perm));
    return { ...physical, data: physical.data.slice() };
  }

  #checkFinite(tensors: Readonly<Record<string, HostTensor>>): void {
    for (const [name, { dtype, data }] of Object.entries(tensors)) {
      if (dtype === 'float32' && firstNonFinite(data as Float32Array) >= 0) {
        throw new NonFiniteError(this.#step, name);
      }
    }
  }

  #checkHealth(): void {
    const sums = floats(this.#health);
    for (const [index, name] of this.#program.watched.entries()) {
      // A sum may overflow although its terms are finite: look at them.
      const suspect = !Number.isFinite(sums[index]);
      if (suspect && firstNonFinite(floats(this.#next[name])) >= 0) {
        throw new NonFiniteError(this.#step, name);
      }
    }
  }

  async run(batch: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>> {
    this.#step++;
    this.#checkFinite(batch);
    const feeds: Tensors = {};
    const fetches: Tensors = {};
    for (const [name, tensor] of Object.entries(batch)) feeds[BATCH + name] = this.#wrap(tensor);
    for (const name of Object.keys(this.#program.state)) {
      feeds[STATE + name] = this.#current[name] as Ort.Tensor;
      fetches[NEXT + name] = this.#next[name] as Ort.Tensor;
    }
    for (const [name, tensor] of Object.entries(this.#results)) fetches[OUT + name] = tensor;
    if (this.#program.watched.length > 0) fetches[HEALTH] = this.#health;
    await runInPlace(this.#ort, this.#session, feeds, fetches);
    const outputs: Record<string, HostTensor> = {};
    for (const [name, { shape, dtype }] of Object.entries(this.#program.outputs)) {
      outputs[name] = { shape, dtype, data: floats(this.#results[name]).slice() };
    }
    this.#checkFinite(outputs);
    this.#checkHealth();
    [this.#current, this.#next] = [this.#next, this.#current];
    return outputs;
  }

  async readState(): Promise<Record<string, HostTensor>> {
    const state: Record<string, HostTensor> = {};
    for (const [name, tensor] of Object.entries(this.#current)) {
      state[name] = this.#toLogical(name, tensor);
    }
    return state;
  }

  async writeState(state: Readonly<Record<string, HostTensor>>): Promise<void> {
    for (const [name, tensor] of Object.entries(state)) {
      floats(this.#current[name]).set(this.#toPhysical(name, tensor).data);
    }
  }

  async endProfile(): Promise<string | undefined> {
    if (this.#program.profilePrefix !== undefined) this.#session.endProfiling();
    return this.#program.profilePrefix;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

/** Loads a program on this thread. */
export async function createOnnxRuntime(program: Program): Promise<Runtime> {
  const ort = await loadOrt();
  return new OnnxRuntime(ort, await createSession(ort, program), program);
}
