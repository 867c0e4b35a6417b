import { DeepStyleError } from '@deepstyle/platform';

/** A scene that cannot be trained on. */
export class InvalidSceneError extends DeepStyleError {
  constructor(index: number, what: string) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_SCENE',
      message: `Scene ${index} cannot be trained on: ${what}. Correct or leave out its annotation.`,
    });
  }
}
