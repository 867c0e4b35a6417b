/** What the services that train share; what is trained stays theirs. See README.md. */
export { checkpointObjects, decodeStored } from './checkpoint-files.ts';
export {
  type CompiledTraining,
  compileTraining,
  DEVICES,
  type EngineOptions,
  engineOptions,
  type TrainingDevice,
} from './compiled-training.ts';
export { CheckpointDamagedError, StaleAttemptError, TrainingInterruptedError } from './errors.ts';
export { type Callback, type Change, type DoneStep, runLoop, secondsNow } from './loop.ts';
export { type LossValues, lossCurve } from './loss-curve.ts';
export { type MeasuredProgress, measureWeights } from './measure-weights.ts';
export { countParameters, decodeModelFile, encodeModelFile } from './model-files.ts';
export { describeProgress, type Progress, type Report } from './progress.ts';
export { runTraining } from './run-training.ts';
export { fixSteps, isTimeUp, refitCourse, type TimeLimit } from './time-limit.ts';
export { TrainingSession } from './training-session.ts';
export {
  type CheckpointReference,
  type Fence,
  fenceOf,
  type TrainingEnd,
  type TrainingJob,
  TrainingTable,
} from './training-table.ts';
