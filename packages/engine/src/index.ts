export { valueAndGradients } from './autodiff.ts';
export {
  type CompiledFunction,
  type CompiledStep,
  type CompileOptions,
  compileFunction,
  compileStep,
  type Device,
  type ExportOptions,
  exportOnnx,
  type FunctionSpec,
  type TensorsOf,
} from './compile.ts';
export { engineVersion } from './engine-version.ts';
export {
  type CheckpointDifference,
  CheckpointFormatError,
  CheckpointMismatchError,
  EngineError,
  EngineWorkerError,
  ImpureStepError,
  NonFiniteError,
  ProviderMissingError,
  ShapeMismatchError,
  UnsupportedKernelError,
} from './errors.ts';
export {
  type DType,
  flattenTree,
  type HostTensor,
  type TensorData,
  type TensorSpec,
  type Tree,
  unflattenTree,
} from './host-tensor.ts';
export { batchNormalization, type NormalisedBatch } from './nn.ts';
export {
  type AdamOptions,
  accumulation,
  adam,
  clipByGlobalNorm,
  clipByValue,
  ema,
  globalNorm,
  type Optimizer,
  type Rate,
  type SgdOptions,
  type SlotTensors,
  sgd,
} from './optimizers.ts';
export { createRandom, Random, type RandomState, restoreRandom } from './random.ts';
export { type RoiAlignOptions, roiAlign } from './roi-align.ts';
export { decodeSafetensors, encodeSafetensors, readSafetensorsMetadata } from './safetensors.ts';
export { tf } from './tfjs.ts';
