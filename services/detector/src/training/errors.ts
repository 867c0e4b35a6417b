import { DeepStyleError } from '@deepstyle/platform';

/** A training example that cannot be trained on. */
export class InvalidExampleError extends DeepStyleError {
  constructor(index: number, what: string) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_TRAINING_EXAMPLE',
      message: `Training example ${index} cannot be trained on: ${what}. Correct or leave out its annotation.`,
    });
  }
}
