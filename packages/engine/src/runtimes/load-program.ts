import { buildModel } from '../build-model.ts';
import { createOnnxRuntime } from './onnxruntime.ts';
import type { Program, Runtime } from './runtime.ts';
import { withSharedTensors } from './shared-tensors.ts';

/** Builds and loads a program on this thread. */
export async function loadProgram({ traced, state, session, shared }: Program): Promise<Runtime> {
  const runtime = await createOnnxRuntime(buildModel(traced), state, session);
  return shared === undefined ? runtime : withSharedTensors(runtime, shared);
}
