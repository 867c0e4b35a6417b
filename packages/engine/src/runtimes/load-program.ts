import { createOnnxRuntime } from './onnxruntime.ts';
import type { Program, Runtime } from './runtime.ts';
import { withSharedTensors } from './shared-tensors.ts';

/** Loads a program on this thread. */
export async function loadProgram(program: Program): Promise<Runtime> {
  const runtime = await createOnnxRuntime(program);
  return program.shared === undefined ? runtime : withSharedTensors(runtime, program.shared);
}
