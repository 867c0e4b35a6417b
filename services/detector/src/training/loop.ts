/** Trains a detector: steps, their schedule, checkpoints and an end. Exactly resumable. */
import {
  type CompiledStep,
  type CompileOptions,
  compileStep,
  createRandom,
  type HostTensor,
  type Tree,
} from '@deepstyle/engine';
import type { BatchSource } from './batches.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import { learningRateAt } from './learning-rate.ts';
import {
  batchSpec,
  createStep,
  type DetectorState,
  initialState,
  LOSSES,
  type LossName,
} from './step.ts';

/** Where a training stands; with the same batches it goes on as if it had never stopped. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  readonly state: DetectorState;
}

export interface StepReport {
  /** Steps done, this one included. */
  readonly step: number;
  readonly steps: number;
  readonly losses: Readonly<Record<LossName, number>>;
}

export interface TrainingHooks {
  readonly onStep?: (report: StepReport) => Promise<void> | void;
  /** Every `checkpointSteps` steps, at the end and when `signal` aborts. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => Promise<void> | void;
  readonly checkpointSteps?: number;
  readonly signal?: AbortSignal;
  readonly resume?: Checkpoint;
  readonly engine?: Pick<CompileOptions, 'device' | 'threads' | 'inProcess'>;
}

export interface TrainingResult extends Checkpoint {
  /** True where `signal` ended it before the last step. */
  readonly interrupted: boolean;
}

/**
 * @throws NonFiniteError naming the step and the tensor; the last checkpoint stands
 * @throws InvalidSceneError from the batches
 */
export async function trainDetector(
  batches: BatchSource,
  hyperparameters: Hyperparameters,
  hooks: TrainingHooks = {},
): Promise<TrainingResult> {
  const begin = hooks.resume ?? {
    step: 0,
    state: initialState(createRandom(`weights ${hyperparameters.seed}`), hyperparameters),
  };
  const compiled = await compileStep(
    createStep(hyperparameters) as Parameters<typeof compileStep>[0],
    { state: begin.state as unknown as Tree<HostTensor>, batch: batchSpec(hyperparameters) },
    hooks.engine ?? {},
  );
  try {
    return await runSteps(compiled, begin.step, batches, hyperparameters, hooks);
  } finally {
    await compiled.dispose();
  }
}

const scalar = (value: number): HostTensor => ({
  shape: [],
  dtype: 'float32',
  data: Float32Array.of(value),
});

/** Starts a batch early; its failure is heard when it is awaited. */
function prefetch(batches: BatchSource, step: number) {
  const batch = batches(step);
  batch.catch(() => undefined);
  return batch;
}

async function runSteps(
  compiled: CompiledStep,
  from: number,
  batches: BatchSource,
  hyperparameters: Hyperparameters,
  hooks: TrainingHooks,
): Promise<TrainingResult> {
  const { steps } = hyperparameters;
  const { checkpointSteps = Number.POSITIVE_INFINITY, signal } = hooks;
  const checkpoint = async (step: number): Promise<Checkpoint> => {
    const state = (await compiled.readState()) as unknown as DetectorState;
    await hooks.onCheckpoint?.({ step, state });
    return { step, state };
  };
  let next = from < steps ? prefetch(batches, from) : undefined;
  for (let step = from; step < steps; step++) {
    if (signal?.aborted === true) return { ...(await checkpoint(step)), interrupted: true };
    const batch = await next;
    const learningRate = scalar(learningRateAt(step, hyperparameters));
    const running = compiled.run({ ...batch, learningRate });
    // The next batch is made while the engine's thread computes this one.
    if (step + 1 < steps) next = prefetch(batches, step + 1);
    const outputs = await running;
    const losses = Object.fromEntries(
      LOSSES.map((name) => [name, Number(outputs[name]?.data[0])]),
    ) as Record<LossName, number>;
    await hooks.onStep?.({ step: step + 1, steps, losses });
    if ((step + 1) % checkpointSteps === 0 && step + 1 < steps) await checkpoint(step + 1);
  }
  return { ...(await checkpoint(steps)), interrupted: false };
}
