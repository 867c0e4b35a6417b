export * from './blurhash.ts';
export * from './boxes.ts';
export * from './coco.ts';
export * from './coco-evaluation.ts';
export { IOU_THRESHOLDS } from './coco-matching.ts';
export { type ColorName, colorNameOf } from './color-names.ts';
export { categoryColor, type Rgb } from './drawing/category-colors.ts';
export { drawBoxes, type LabeledBox } from './drawing/draw-boxes.ts';
export * from './errors.ts';
export * from './features.ts';
export * from './fit-square.ts';
export * from './frechet-distance.ts';
export * from './image.ts';
export * from './image-tensor.ts';
export * from './kernel-inception-distance.ts';
export { MemoryBudget, type MemoryLease } from './memory-budget.ts';
export * from './nearest-neighbors.ts';
export * from './oklab.ts';
export {
  DEFAULT_DECODE_MEMORY_BYTES,
  DEFAULT_MAX_PIXELS,
  limitDecodeMemory,
  type OpenPhoto,
  type PhotoHeader,
  type PhotoLimits,
  type PhotoSource,
  readPhotoHeader,
  reasonOf,
  withPhoto,
} from './open-photo.ts';
export * from './palette.ts';
export * from './palette-clusters.ts';
export { type PhotoFormat, photoFormatOf } from './photo-format.ts';
export * from './random.ts';
