import { buildModel, type Traced } from '../build-model.ts';
import type { HostTensor } from '../host-tensor.ts';
import { createOnnxRuntime } from './onnxruntime.ts';
import type { Runtime, SessionOptions } from './runtime.ts';
import { type SharedTensors, withSharedTensors } from './shared-tensors.ts';

/** What a thread needs to run a step or a function. */
export interface Program {
  readonly traced: Traced;
  readonly state: Readonly<Record<string, HostTensor>>;
  readonly session: SessionOptions;
  /** Tensors in memory that several threads use. */
  readonly shared?: SharedTensors | undefined;
}

/** Builds and loads a program on this thread. */
export async function loadProgram({ traced, state, session, shared }: Program): Promise<Runtime> {
  const runtime = await createOnnxRuntime(buildModel(traced), state, session);
  return shared === undefined ? runtime : withSharedTensors(runtime, shared);
}
