/** What the services that train share: a training is a row that one worker holds, and objects that it saves. */
export { checkpointKey, decodeStored, sweepCheckpoints } from './checkpoints.ts';
export { CheckpointDamagedError, StaleAttemptError, TrainingInterruptedError } from './errors.ts';
export { createLossWindow } from './loss-window.ts';
export { describeSpeed, type TrainingProgress, writeReport } from './progress.ts';
export { type Attempt, runTraining } from './run-training.ts';
export { type Fence, fenceOf, type TrainingJob, TrainingTable } from './training-table.ts';
