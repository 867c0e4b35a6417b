/** A training as bytes: every tensor that a step changes, and where in the training that is. Pure. */
import { CheckpointFormatError } from '../errors.ts';
import { flattenTree, type HostTensor, type Tree, unflattenTree } from '../host-tensor.ts';
import { decodeSafetensors, encodeSafetensors, readSafetensorsMetadata } from './codec.ts';

const flatten = (state: object) => flattenTree<HostTensor>(state as Tree<HostTensor>);

/** @param position any JSON object */
export function encodeCheckpoint(state: object, position: object): Uint8Array {
  return encodeSafetensors(flatten(state), { position: JSON.stringify(position) });
}

/**
 * @param like a state of the right shapes
 * @throws CheckpointFormatError, CheckpointMismatchError
 */
export function decodeCheckpoint<State extends object, Position extends object>(
  bytes: Uint8Array,
  like: State,
): { readonly state: State; readonly position: Position } {
  const tensors = decodeSafetensors(bytes, flatten(like));
  const { position } = readSafetensorsMetadata(bytes);
  if (position === undefined) throw new CheckpointFormatError('it names no position in a training');
  return {
    state: unflattenTree(tensors, like as Tree<HostTensor>) as State,
    position: JSON.parse(position) as Position,
  };
}
