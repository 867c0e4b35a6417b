/** The training step as the engine runs it. */
import {
  type CompiledStep,
  type CompileOptions,
  compileStep,
  type HostTensor,
  type Tree,
} from '@deepstyle/engine';
import type { Hyperparameters } from './hyperparameters.ts';
import { batchSpec, createStep, type DetectorState } from './step.ts';

export type EngineOptions = Pick<CompileOptions, 'device' | 'threads' | 'inProcess'>;

/** The step with its state in the engine. */
export function compileTraining(
  hyperparameters: Hyperparameters,
  state: DetectorState,
  options: EngineOptions,
): Promise<CompiledStep> {
  return compileStep(
    createStep(hyperparameters) as Parameters<typeof compileStep>[0],
    { state: state as unknown as Tree<HostTensor>, batch: batchSpec(hyperparameters) },
    options,
  );
}
