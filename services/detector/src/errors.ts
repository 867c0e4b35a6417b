import { DeepStyleError } from '@deepstyle/platform';

/** No detector model has been trained. */
export class DetectorNotTrainedError extends DeepStyleError {
  constructor() {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'DETECTOR_NOT_TRAINED',
      message:
        'The garment detector is not trained yet. Train one on a dataset, or pass detector "pose" (by the joints of people) or, where each photograph shows one garment, detector "none".',
    });
  }
}

/** The dataset has nothing to train on. */
export class DatasetNotTrainableError extends DeepStyleError {
  constructor(name: string, problem: string) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'DATASET_NOT_TRAINABLE',
      message: `No detector can be trained on the dataset ${name}: ${problem}`,
    });
  }
}

/** The stored annotations of a dataset do not hold what they should. */
export class DatasetFileError extends DeepStyleError {
  constructor(key: string, problem: string, cause?: unknown) {
    super({
      code: 'DATA_LOSS',
      reason: 'DATASET_FILE_DAMAGED',
      message: `The stored annotations ${key} cannot be read: ${problem}. Import the dataset again.`,
      cause,
    });
  }
}

/** A run has pinned a model that is not there. */
export class UnknownModelError extends DeepStyleError {
  constructor(modelId: string) {
    super({
      code: 'NOT_FOUND',
      reason: 'UNKNOWN_MODEL',
      message: `There is no detector model ${modelId}. Train one and start the run again.`,
    });
  }
}

/** Detection stopped with the process; the photographs settled so far stay. */
export class DetectionInterruptedError extends DeepStyleError {
  constructor(runId: string) {
    super({
      code: 'CANCELLED',
      reason: 'DETECTION_INTERRUPTED',
      message: `The detection of run ${runId} was interrupted; the next worker looks at what is left.`,
    });
  }
}

/** Some photographs failed and will be tried again. */
export class DetectionRetryError extends DeepStyleError {
  constructor(runId: string, photos: number) {
    super({
      code: 'ABORTED',
      reason: 'DETECTION_RETRY',
      message: `${photos} photographs of run ${runId} failed and will be tried again.`,
    });
  }
}

/** The bytes are no photograph that can be decoded. */
export class UnreadablePhotoError extends DeepStyleError {
  constructor(cause: unknown) {
    const told = cause instanceof Error ? cause.message.replaceAll(/\s+/g, ' ') : String(cause);
    // What a decoder says where another decoding has taken its words.
    const problem = /^(unknown error)?$/i.test(told) ? 'it is cut short or corrupt' : told;
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'UNREADABLE_PHOTO',
      message: `The photograph cannot be decoded: ${problem}`,
      cause,
    });
  }
}

/** The file holds no detector that can be used. */
export class NotADetectorError extends DeepStyleError {
  constructor(name: string, problem: string, cause?: unknown) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'NOT_A_DETECTOR',
      message: `${name} is no whole detector: ${problem.replace(/\.$/, '')}. Name the weights.safetensors of a detector, or train the model again.`,
      cause,
    });
  }
}

/** There is nothing to look at. */
export class NoPhotosError extends DeepStyleError {
  constructor(paths: readonly string[], others: number) {
    const more = others === 0 ? '' : `, but other files: ${others}`;
    super({
      code: 'NOT_FOUND',
      reason: 'NO_PHOTOS',
      message: `There are no photographs in ${paths.join(', ')}${more}.`,
    });
  }
}

/** What is found cannot be written where it was to be. */
export class OutputFolderError extends DeepStyleError {
  constructor(path: string, problem: string, cause?: unknown) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'OUTPUT_FOLDER',
      message: `The folder ${path} cannot be used: ${problem}.`,
      cause,
    });
  }
}
