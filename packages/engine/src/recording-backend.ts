import * as tf from '@tensorflow/tfjs-core';
import { createBuilder } from './builder.ts';
import { ImpureStepError, UnsupportedKernelError } from './errors.ts';
import type { Builder, IrType, Value } from './graph.ts';
import { elementCount, type TensorData } from './host-tensor.ts';
import { KERNELS } from './kernels/index.ts';
import type { Kernel, KernelAttributes } from './kernels/kernel.ts';
import { knownNumbers } from './known-numbers.ts';

export const RECORDER = 'deepstyle-recorder';

const INTERNAL = /node_modules|node:internal|\/packages\/engine\/src\/|engine-worker|<anonymous>/;

/** `file:line:column` of the innermost frame of model code, for messages and the profile. */
function callSite(): string {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const frame = frames.find((line) => !INTERNAL.test(line)) ?? frames.at(-1) ?? 'unknown';
  const place = /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/.exec(frame.trim());
  return place?.[1] ?? frame.trim();
}

/** What one trace records into. */
export interface Recording {
  readonly builder: Builder;
  /** Notes on each node where model code called it: the stack of each call costs more than the rest of a trace. */
  readonly sites: boolean;
  readonly values: Map<object, Value>;
}

const irType = (dtype: string): IrType => {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new ImpureStepError(`A tensor of type ${dtype} was made`, callSite());
};

/** A tfjs backend whose tensors are values of a graph; nothing is computed. */
export class RecordingBackend extends tf.KernelBackend {
  #recording: Recording | undefined;

  /** Runs `body` with a fresh recording. */
  record<T>(sites: boolean, body: (recording: Recording) => T): T {
    if (this.#recording !== undefined) {
      throw new ImpureStepError('A trace was started inside a trace', callSite());
    }
    this.#recording = { builder: createBuilder(), sites, values: new Map() };
    try {
      return body(this.#recording);
    } finally {
      this.#recording = undefined;
    }
  }

  get recording(): Recording {
    if (this.#recording === undefined) {
      throw new ImpureStepError('A traced tensor was used after the trace', callSite());
    }
    return this.#recording;
  }

  valueAt(tensor: { dataId: object }): Value {
    const value = this.recording.values.get(tensor.dataId);
    if (value !== undefined) return value;
    throw new ImpureStepError('A tensor made outside the step was used inside it', callSite());
  }

  /** Registers a value; its dtype in tfjs's eyes is `dtype`. */
  hold(value: Value): tf.DataId {
    const dataId = {};
    this.recording.values.set(dataId, value);
    return dataId;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType) {
    const { builder, sites } = this.recording;
    if (sites) builder.setSite(callSite());
    const type = irType(dtype);
    const data = values as ArrayLike<number>;
    const spec = { shape: [...shape], dtype: type };
    if (elementCount(shape) === 0) return this.hold(builder.splat(0, spec));
    if (type === 'float32') return this.hold(builder.constant(Float32Array.from(data), spec));
    const constant = type === 'int32' ? Int32Array.from(data) : Uint8Array.from(data);
    return this.hold(builder.constant(constant, spec));
  }

  override move(): void {
    throw new ImpureStepError('A tensor made outside the step was used inside it', callSite());
  }

  /** Only what the graph itself knows can be read. */
  override readSync(dataId: object): TensorData {
    const known = knownNumbers(this.valueAt({ dataId }));
    if (known !== undefined) return known;
    throw new ImpureStepError('The value of a tensor was read', callSite());
  }

  override async read(): Promise<never> {
    throw new ImpureStepError('The value of a tensor was read', callSite());
  }

  // Values live as long as the recording; tfjs's bookkeeping of memory has nothing to free.
  override incRef(): void {}
  override refCount(): number {
    return 1;
  }
  override disposeData(): boolean {
    return true;
  }
  override numDataIds(): number {
    return 0;
  }
  override memory() {
    return { unreliable: true };
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override dispose(): void {}
}

function runKernel(name: string, kernel: Kernel, run: Parameters<tf.KernelFunc>[0]) {
  const backend = run.backend as RecordingBackend;
  const { builder, sites } = backend.recording;
  const inputs: Record<string, Value> = {};
  // Kernels with a list of inputs get an array, whose keys are 0, 1, ..; absent optional inputs stay out.
  const given = Object.entries(run.inputs) as [string, tf.TensorInfo | null | undefined][];
  for (const [key, tensor] of given) if (tensor) inputs[key] = backend.valueAt(tensor);
  if (sites) builder.setSite(callSite());
  const attributes = (run.attrs ?? {}) as KernelAttributes;
  const fail = (why: string): never => {
    throw new UnsupportedKernelError(name, callSite(), why);
  };
  const result = kernel({ b: builder, inputs, attributes, fail });
  const outputs = Array.isArray(result) ? result : [result];
  const infos = outputs.map((value: Value) => ({
    dataId: backend.hold(value),
    shape: [...value.shape],
    dtype: value.dtype as tf.DataType,
  }));
  return Array.isArray(result) ? infos : (infos[0] as tf.TensorInfo);
}

/** Names of all kernels that tfjs-core knows: exported constants whose value is their own name. */
const knownKernelNames = (): string[] =>
  Object.entries(tf).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' && (value === name || value === `_${name}`) ? [value] : [],
  );

function registerKernels(): void {
  for (const [name, kernel] of Object.entries(KERNELS)) {
    tf.registerKernel({
      kernelName: name,
      backendName: RECORDER,
      kernelFunc: (run) => runKernel(name, kernel, run),
    });
  }
  for (const name of knownKernelNames()) {
    if (name in KERNELS) continue;
    tf.registerKernel({
      kernelName: name,
      backendName: RECORDER,
      kernelFunc: () => {
        throw new UnsupportedKernelError(name, callSite());
      },
    });
  }
}

/**
 * The recorder, registered with tfjs on first use. tfjs keeps its backends per process; this one holds
 * no state between traces.
 */
export function recordingBackend(): RecordingBackend {
  const engine = tf.engine();
  const existing = engine.registry[RECORDER];
  if (existing !== undefined) return existing as RecordingBackend;
  registerKernels();
  const backend = new RecordingBackend();
  engine.registerBackend(RECORDER, () => backend, 0);
  return backend;
}
