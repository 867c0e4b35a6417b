import { DeepStyleError } from '@deepstyle/platform';

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
