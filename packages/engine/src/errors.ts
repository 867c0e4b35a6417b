/** Failures of the engine; each carries a stable `code` and a message that names what to do. */
export class EngineError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A tensor of the step became NaN or infinite; the state before the step is kept. */
export class NonFiniteError extends EngineError {
  readonly step: number;
  readonly tensor: string;
  constructor(step: number, tensor: string) {
    super(
      'NON_FINITE',
      `Step ${step}: tensor '${tensor}' holds NaN or infinity; the state before the step was kept. ` +
        'Look at the batch, lower the learning rate or clip the gradients.',
    );
    this.step = step;
    this.tensor = tensor;
  }
}

/** A tensor does not have the shape (or dtype) that was promised. */
export class ShapeMismatchError extends EngineError {
  constructor(what: string, expected: string, actual: string) {
    super('SHAPE_MISMATCH', `${what}: expected ${expected} but got ${actual}.`);
  }
}

/** A tensor of a compiled function was described with an open size. */
export class DynamicShapeError extends EngineError {
  constructor(name: string, shape: readonly unknown[]) {
    super(
      'DYNAMIC_SHAPE',
      `'${name}' has the shape [${shape.map(String).join(', ')}], but every size must be a whole number when a ` +
        'function is compiled. Fill batches up to one size, compile once per size, or export with dynamicBatch.',
    );
  }
}

/** A tfjs kernel that the recorder cannot translate. */
export class UnsupportedKernelError extends EngineError {
  readonly kernel: string;
  readonly site: string;
  constructor(kernel: string, site: string, why = 'has no translation to ONNX') {
    super(
      'UNSUPPORTED_KERNEL',
      `Kernel '${kernel}' ${why} (called at ${site}). ` +
        'Write the step with supported operations or add the kernel in packages/engine/src/kernels.',
    );
    this.kernel = kernel;
    this.site = site;
  }
}

/** An operation of a loss cannot be differentiated, or not as often as was asked. */
export class UnsupportedGradientError extends EngineError {
  readonly kernel: string;
  constructor(kernel: string, why = 'has no gradient') {
    super(
      'UNSUPPORTED_GRADIENT',
      `'${kernel}' ${why}. Write the loss with other operations, or add the gradient in packages/engine/src/gradients.`,
    );
    this.kernel = kernel;
  }
}

/** Double precision was asked of a device that has none. */
export class UnsupportedPrecisionError extends EngineError {
  constructor(device: string) {
    super(
      'UNSUPPORTED_PRECISION',
      `The device '${device}' does not compute steps in float64. Use the device cpu, or leave precision out.`,
    );
  }
}

/** The traced function did something that a recorded graph cannot repeat. */
export class ImpureStepError extends EngineError {
  constructor(what: string, site: string) {
    super(
      'IMPURE_STEP',
      `${what} (at ${site}). A traced function may only combine its arguments: pass data in as state or batch, and random numbers as batch tensors.`,
    );
  }
}

export interface CheckpointDifference {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly misshaped: readonly string[];
}

/** A checkpoint does not hold the tensors that the model has; all differences at once. */
export class CheckpointMismatchError extends EngineError {
  readonly difference: CheckpointDifference;
  constructor(difference: CheckpointDifference) {
    const part = (title: string, names: readonly string[]) =>
      names.length === 0 ? [] : [`${title}: ${names.join(', ')}`];
    super(
      'CHECKPOINT_MISMATCH',
      `The checkpoint does not fit the model. ${[
        ...part('missing', difference.missing),
        ...part('unexpected', difference.unexpected),
        ...part('wrong shape or type', difference.misshaped),
      ].join('; ')}.`,
    );
    this.difference = difference;
  }
}

/** Bytes that are no complete safetensors file. */
export class CheckpointFormatError extends EngineError {
  constructor(what: string) {
    super('CHECKPOINT_FORMAT', `Not a readable safetensors file: ${what}.`);
  }
}

/** Files that are no complete network in TensorFlow.js's graph format. */
export class GraphModelError extends EngineError {
  constructor(what: string, options?: ErrorOptions) {
    super('GRAPH_MODEL', `The network cannot be used: ${what}.`, options);
  }
}

/** A device needs a package or a library that is not installed. */
export class ProviderMissingError extends EngineError {
  readonly device: string;
  readonly install: string;
  constructor(device: string, install: string, options?: ErrorOptions) {
    super('PROVIDER_MISSING', `Device '${device}' is not available here. ${install}`, options);
    this.device = device;
    this.install = install;
  }
}

/** The worker thread ended or answered with an error that is none of the above. */
export class EngineWorkerError extends EngineError {
  constructor(message: string, options?: ErrorOptions) {
    super('ENGINE_WORKER', message, options);
  }
}
