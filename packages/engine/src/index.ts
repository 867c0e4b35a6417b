export { type LossWithAux, valueAndGradients } from './autodiff.ts';
export type { Precision } from './build-model.ts';
export {
  type CompiledFunction,
  type CompiledStep,
  compileFunction,
  compileStep,
} from './compile.ts';
export {
  compileParallel,
  type ParallelOptions,
  type ParallelState,
  type ParallelStep,
  type ParallelTraining,
} from './data-parallel.ts';
export {
  type CheckpointDifference,
  CheckpointFormatError,
  CheckpointMismatchError,
  DynamicShapeError,
  EngineError,
  EngineWorkerError,
  GraphModelError,
  ImpureStepError,
  NonFiniteError,
  ProviderMissingError,
  ShapeMismatchError,
  UnsupportedGradientError,
  UnsupportedKernelError,
} from './errors.ts';
export { type ExportOptions, exportOnnx } from './export-onnx.ts';
export type { FunctionSpec, TensorsOf } from './functions.ts';
export { compileGraphModel, type GraphModelFiles } from './graph-model.ts';
export {
  type DType,
  flattenTree,
  type HostTensor,
  type TensorData,
  type TensorSpec,
  type Tree,
  unflattenTree,
} from './host-tensor.ts';
export type { CompileOptions, Device, StepOptions } from './load-step.ts';
export { batchNormalization, type NormalisedBatch } from './nn.ts';
export {
  type AdamOptions,
  adam,
  clipByGlobalNorm,
  movingAverage,
  type Optimizer,
  type Rate,
  type SgdOptions,
  type SlotTensors,
  sgd,
} from './optimizers.ts';
export { type PrintOptions, printTrace } from './print-trace.ts';
export {
  formatProfile,
  type Profile,
  type ProfileOptions,
  type ProfileRow,
  profileStep,
} from './profile.ts';
export { createRandom, type Random, type RandomState, restoreRandom } from './random.ts';
export { type RoiAlignOptions, roiAlign } from './roi-align.ts';
export { engineVersion } from './runtimes/onnxruntime.ts';
export {
  decodeCheckpoint,
  decodeSafetensors,
  encodeCheckpoint,
  encodeSafetensors,
  readSafetensorsMetadata,
} from './safetensors/codec.ts';
export { loadWeights, saveWeights, type WeightFile } from './safetensors/files.ts';
export * as schedules from './schedules.ts';
export { tf } from './tfjs.ts';
