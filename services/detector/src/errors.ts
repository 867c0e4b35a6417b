import { DeepStyleError } from '@deepstyle/platform';

/** No detector model has been trained. */
export class DetectorNotTrainedError extends DeepStyleError {
  constructor() {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'DETECTOR_NOT_TRAINED',
      message:
        'The garment detector is not trained yet. Where each photograph shows one garment, pass detector "none".',
    });
  }
}

/** This version has no detector training. */
export class TrainingNotAvailableError extends DeepStyleError {
  constructor() {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'NOT_AVAILABLE_YET',
      message:
        'Training detectors is not available in this version. Where each photograph shows one garment, pass detector "none".',
    });
  }
}
