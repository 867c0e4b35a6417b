/** What a finished model looks like as a file: pure. */
import {
  decodeSafetensors,
  encodeSafetensors,
  flattenTree,
  type HostTensor,
  readSafetensorsMetadata,
  type Tree,
  unflattenTree,
} from '@deepstyle/engine';
import { decodeStored } from '@deepstyle/service/training-jobs';
import type { ModelCategory } from './labels.ts';
import type { RestingWeights } from './model/faster-rcnn.ts';
import type { DetectorModel } from './model/inference.ts';

/** A finished model: the network at rest, and what it tells apart. */
export interface ModelFile extends DetectorModel {
  readonly categories: readonly ModelCategory[];
}

export function encodeModel({ weights, architecture, categories }: ModelFile): Uint8Array {
  return encodeSafetensors(flattenTree<HostTensor>(weights as unknown as Tree<HostTensor>), {
    architecture: JSON.stringify(architecture),
    categories: JSON.stringify(categories),
  });
}

/** @throws CheckpointDamagedError */
export function decodeModel(bytes: Uint8Array, key: string): ModelFile {
  return decodeStored(key, () => {
    const weights = unflattenTree(decodeSafetensors(bytes)) as unknown as RestingWeights;
    const { architecture, categories } = readSafetensorsMetadata(bytes);
    return {
      weights,
      architecture: JSON.parse(architecture ?? '') as ModelFile['architecture'],
      categories: JSON.parse(categories ?? '') as ModelFile['categories'],
    };
  });
}
