/** What a checkpoint and a finished model look like as files: pure. */
import {
  decodeSafetensors,
  encodeSafetensors,
  flattenTree,
  type HostTensor,
  readSafetensorsMetadata,
  type Tree,
  unflattenTree,
} from '@deepstyle/engine';
import { CheckpointDamagedError } from './errors.ts';
import type { ModelCategory } from './labels.ts';
import type { RestingWeights } from './model/faster-rcnn.ts';
import type { DetectorModel } from './model/inference.ts';
import type { Position } from './training/loop.ts';
import type { DetectorState } from './training/step.ts';

/** A checkpoint: every tensor that a step changes, and the position in the training. */
export function encodeCheckpoint(state: DetectorState, position: Position): Uint8Array {
  return encodeSafetensors(flatten(state), { position: JSON.stringify(position) });
}

/**
 * @param like a state of the right shapes
 * @throws CheckpointDamagedError
 */
export function decodeCheckpoint(
  bytes: Uint8Array,
  like: DetectorState,
  key: string,
): { readonly state: DetectorState; readonly position: Position } {
  try {
    const state = unflattenTree(
      decodeSafetensors(bytes, flatten(like)),
      like as unknown as Tree<HostTensor>,
    ) as unknown as DetectorState;
    const { position } = readSafetensorsMetadata(bytes);
    return { state, position: JSON.parse(position ?? '') as Position };
  } catch (error) {
    throw new CheckpointDamagedError(key, error);
  }
}

/** A finished model: the network at rest, and what it tells apart. */
export interface ModelFile extends DetectorModel {
  readonly categories: readonly ModelCategory[];
}

export function encodeModel({ weights, architecture, categories }: ModelFile): Uint8Array {
  return encodeSafetensors(flatten(weights), {
    architecture: JSON.stringify(architecture),
    categories: JSON.stringify(categories),
  });
}

/** @throws CheckpointDamagedError */
export function decodeModel(bytes: Uint8Array, key: string): ModelFile {
  try {
    const weights = unflattenTree(decodeSafetensors(bytes)) as unknown as RestingWeights;
    const { architecture, categories } = readSafetensorsMetadata(bytes);
    return {
      weights,
      architecture: JSON.parse(architecture ?? '') as ModelFile['architecture'],
      categories: JSON.parse(categories ?? '') as ModelFile['categories'],
    };
  } catch (error) {
    throw new CheckpointDamagedError(key, error);
  }
}

function flatten(tree: object): Record<string, HostTensor> {
  return flattenTree<HostTensor>(tree as Tree<HostTensor>);
}
