/** One attempt at one training: the loop with the engine, the images and the records under it. */
import { createRandom, decodeCheckpoint, encodeCheckpoint } from '@deepstyle/engine';
import { countMetric, recordMetric, secondsSince } from '@deepstyle/platform';
import {
  checkpointKey,
  decodeStored,
  type Fence,
  fenceOf,
  writeReport,
} from '@deepstyle/service/training-jobs';
import { describeProgress } from './describe-progress.ts';
import type { Ports } from './ports.ts';
import {
  type CheckpointReference,
  type Training,
  trainings,
  truncateLosses,
  writeLosses,
} from './records.ts';
import { createSceneSource } from './scene-source.ts';
import { type BatchSource, createBatches } from './training/batches.ts';
import { compileTraining } from './training/compiled.ts';
import { type LoopPorts, type Position, runLoop, START } from './training/loop.ts';
import { type DetectorState, initialState, LOSSES, type LossName } from './training/step.ts';
import type { TrainingDataset } from './training-dataset.ts';

const PROGRESS_SECONDS = 1;

export interface SessionInput {
  readonly training: Training;
  readonly dataset: TrainingDataset;
  /** `performance.now()` when the attempt began. */
  readonly startedAt: number;
}

export interface SessionResult {
  readonly interrupted: boolean;
  readonly position: Position;
  readonly state: DetectorState;
}

type Losses = Readonly<Record<LossName, number>>;

/** Trains from the last checkpoint on. @throws StaleAttemptError, and what engine and stores throw */
export async function runSession(
  { training, dataset, startedAt }: SessionInput,
  ports: Ports,
  signal: AbortSignal,
): Promise<SessionResult> {
  const { hyperparameters } = training;
  const fence = fenceOf(training);
  await reportPhase(training, 'compiling the network', ports);
  const start = await restore(training, ports);
  const batches = batchesOf(training, dataset, ports);
  const compiled = await compileTraining(hyperparameters, start.state, ports.engine);
  try {
    const readState = async () => (await compiled.readState()) as unknown as DetectorState;
    let reference = training.checkpoint;
    let next = { step: start.position.step, batch: prefetch(batches, start.position.step) };
    const loopPorts: LoopPorts<Losses> = {
      step: async (step, learningRate) => {
        const begunAt = performance.now();
        const batch = await (next.step === step ? next.batch : batches(step));
        const rate = { shape: [], dtype: 'float32', data: Float32Array.of(learningRate) } as const;
        const running = compiled.run({ ...batch, learningRate: rate });
        // The next batch is made while the engine's thread computes this one.
        next = { step: step + 1, batch: prefetch(batches, step + 1) };
        const outputs = await running;
        recordMetric('trainingStepDuration', { service: 'detector' }, secondsSince(begunAt));
        countMetric('images', { service: 'detector', work: 'train' }, hyperparameters.batchSize);
        const losses = LOSSES.map((name) => [name, Number(outputs[name]?.data[0])] as const);
        return Object.fromEntries(losses) as Losses;
      },
      checkpoint: async (position) => {
        const state = await readState();
        reference = await saveCheckpoint(fence, state, position, reference, ports);
      },
      progress: (progress) => {
        const { step, steps, losses, stepsPerSecond } = progress;
        const report = { step, steps, detail: describeProgress(progress) };
        const row = { step, ...losses, stepsPerSecond };
        return writeReport(
          trainings,
          fence,
          report,
          (tx) => writeLosses(tx, fence.trainingId, row),
          ports,
        );
      },
      now: () => performance.now() / 1000,
      startedAt: startedAt / 1000,
    };
    const plan = {
      ...hyperparameters,
      wantedSteps: hyperparameters.steps,
      checkpointSeconds: ports.settings.checkpointSeconds,
      progressSeconds: PROGRESS_SECONDS,
    };
    const ended = await runLoop(plan, start.position, loopPorts, signal);
    return { ...ended, state: await readState() };
  } finally {
    await compiled.dispose();
  }
}

function batchesOf(
  { hyperparameters }: Training,
  { train, labels }: TrainingDataset,
  ports: Ports,
): BatchSource {
  const { cacheBytes, maxPixels } = ports.settings;
  const { architecture, maxTruths } = hyperparameters;
  const { places } = labels;
  const options = { network: architecture.image, maxTruths, places, cacheBytes, maxPixels };
  return createBatches(createSceneSource(train, options, ports), hyperparameters);
}

/** Starts a batch early; its failure is heard when it is awaited. */
function prefetch(batches: BatchSource, step: number): ReturnType<BatchSource> {
  const batch = batches(step);
  batch.catch(() => undefined);
  return batch;
}

/** What a training does where it takes no step. @throws StaleAttemptError */
export async function reportPhase(
  { id, attempt, step, steps }: Pick<Training, 'id' | 'attempt' | 'step' | 'steps'>,
  detail: string,
  { database, clock }: Ports,
): Promise<void> {
  await database.transaction('detector.writePhase', (tx) =>
    trainings.writeProgress(tx, { trainingId: id, attempt }, { step, steps, detail, now: clock() }),
  );
}

/** The state to begin with; what the curve says beyond it is forgotten. */
async function restore(
  { id, hyperparameters, checkpoint }: Training,
  ports: Ports,
): Promise<{ state: DetectorState; position: Position }> {
  const fresh = initialState(createRandom(`weights ${hyperparameters.seed}`), hyperparameters);
  const restored =
    checkpoint === null
      ? { state: fresh, position: START }
      : await readCheckpoint(checkpoint.key, fresh, ports);
  await ports.database.transaction('detector.restore', (tx) =>
    truncateLosses(tx, id, restored.position.step),
  );
  return restored;
}

async function readCheckpoint(key: string, like: DetectorState, { objects }: Ports) {
  const bytes = await objects.get(key);
  return decodeStored(key, () => decodeCheckpoint<DetectorState, Position>(bytes, like));
}

/** The object first, then the record that names it; last, what nothing names any more is deleted. */
async function saveCheckpoint(
  fence: Fence,
  state: DetectorState,
  position: Position,
  before: CheckpointReference | null,
  ports: Ports,
): Promise<CheckpointReference> {
  const { step } = position;
  const key = checkpointKey(checkpointFolder(fence.trainingId), fence, step);
  await ports.objects.put(key, encodeCheckpoint(state, position), 'application/octet-stream');
  const reference = { key, step };
  await ports.database.transaction('detector.writeCheckpoint', (tx) =>
    trainings.writeCheckpoint(tx, fence, reference, ports.clock()),
  );
  if (before !== null && before.key !== key) await ports.objects.delete(before.key);
  return reference;
}

/** Everything that a training saves on its way. */
export function checkpointFolder(trainingId: string): string {
  return `checkpoints/detector/${trainingId}/`;
}
