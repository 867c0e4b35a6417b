/** What a finished model looks like as a file: pure. */
import { unflattenTree } from '@deepstyle/engine';
import { decodeModelFile, encodeModelFile } from '@deepstyle/training';
import type { ModelCategory } from './labels.ts';
import type { FoldedWeights } from './model/faster-rcnn.ts';
import type { DetectorModel } from './model/inference.ts';

/** A finished model: the network in evaluation mode, and what it tells apart. */
export interface ModelFile extends DetectorModel {
  readonly categories: readonly ModelCategory[];
}

export function encodeModel({ weights, architecture, categories }: ModelFile): Uint8Array {
  return encodeModelFile(weights, { architecture, categories });
}

/** @throws CheckpointDamagedError */
export function decodeModel(bytes: Uint8Array, key: string): ModelFile {
  return decodeModelFile(bytes, key, (tensors, field) => ({
    weights: unflattenTree(tensors) as unknown as FoldedWeights,
    architecture: field<ModelFile['architecture']>('architecture'),
    categories: field<ModelFile['categories']>('categories'),
  }));
}
