import { DeepStyleError, describeError } from '@deepstyle/platform';

/** A photograph whose bytes do not decode. */
export class UnreadablePhotoError extends DeepStyleError {
  constructor(cause: unknown) {
    super({
      code: 'DATA_LOSS',
      reason: 'PHOTO_UNREADABLE',
      message: `The photograph cannot be decoded: ${cause instanceof Error ? cause.message : cause}`,
      cause,
    });
  }
}

/** A photograph could not be cropped this time; the delivery is tried again. */
export class CropAttemptFailedError extends DeepStyleError {
  constructor(photoId: string, attempt: number, attempts: number, cause: unknown) {
    super({
      code: 'ABORTED',
      reason: 'CROP_ATTEMPT_FAILED',
      message: `Cropping the photograph ${photoId} failed (attempt ${attempt} of ${attempts}): ${describeError(cause)}`,
      cause,
    });
  }
}
