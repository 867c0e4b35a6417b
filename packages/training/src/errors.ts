import { DeepStyleError } from '@deepstyle/platform';

/** The process is stopping: the training stands in its checkpoint and another worker goes on with it. */
export class TrainingInterruptedError extends DeepStyleError {
  constructor(trainingId: string, step: number) {
    super({
      code: 'CANCELLED',
      reason: 'TRAINING_INTERRUPTED',
      message: `The training ${trainingId} was interrupted at step ${step}; the next worker goes on from there.`,
    });
  }
}

/** Another worker has taken the training since, or it was canceled; nothing was written. */
export class StaleAttemptError extends DeepStyleError {
  constructor(trainingId: string, attempt: number) {
    super({
      code: 'ABORTED',
      reason: 'STALE_ATTEMPT',
      message: `Attempt ${attempt} at the training ${trainingId} is no longer the current one; its write was refused.`,
    });
  }
}

/** A stored checkpoint or model does not hold what it should. */
export class CheckpointDamagedError extends DeepStyleError {
  constructor(key: string, cause: unknown) {
    super({
      code: 'DATA_LOSS',
      reason: 'CHECKPOINT_DAMAGED',
      message: `The stored weights ${key} cannot be read. Train the model again.`,
      cause,
    });
  }
}
