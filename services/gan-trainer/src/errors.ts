import { DeepStyleError } from '@deepstyle/platform';

/** The process is stopping: the training stands in its checkpoint and another worker goes on with it. */
export class TrainingInterruptedError extends DeepStyleError {
  constructor(runId: string, step: number) {
    super({
      code: 'CANCELLED',
      reason: 'TRAINING_INTERRUPTED',
      message: `The training of run ${runId} was interrupted at step ${step}; the next worker goes on from there.`,
    });
  }
}

/** Rendering stopped with the process; the designs stored so far stay. */
export class RenderingInterruptedError extends DeepStyleError {
  constructor(requestKey: string) {
    super({
      code: 'CANCELLED',
      reason: 'RENDERING_INTERRUPTED',
      message: `Rendering of request ${requestKey} was interrupted; the next worker renders what is missing.`,
    });
  }
}

/** Another worker has taken the training since; nothing was written. */
export class StaleAttemptError extends DeepStyleError {
  constructor(runId: string, attempt: number) {
    super({
      code: 'ABORTED',
      reason: 'STALE_ATTEMPT',
      message: `Attempt ${attempt} at the training of run ${runId} is no longer the current one; its write was refused.`,
    });
  }
}

export class RequestConflictError extends DeepStyleError {
  constructor(requestKey: string) {
    super({
      code: 'ALREADY_EXISTS',
      reason: 'REQUEST_CONFLICT',
      message: `The request key ${requestKey} was used for another model, count or seed. Use a new key.`,
    });
  }
}

export class TooManyDesignsError extends DeepStyleError {
  constructor(count: number, limit: number) {
    super({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'TOO_MANY_DESIGNS',
      message: `${count} designs were asked for; one request renders at most ${limit}. Split it.`,
    });
  }
}

/** The worker could not render the request, for good. */
export class RenderingFailedError extends DeepStyleError {
  constructor(requestKey: string, reason: string) {
    super({
      code: 'INTERNAL',
      reason: 'RENDERING_FAILED',
      message: `The designs of request ${requestKey} could not be rendered: ${reason}`,
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
