/** Finished models as files: safetensors with named tensors, and JSON about them in the header. Pure. */
import {
  decodeSafetensors,
  encodeSafetensors,
  flattenTree,
  type HostTensor,
  readSafetensorsMetadata,
  type Tree,
} from '@deepstyle/engine';
import { decodeStored } from './checkpoint-files.ts';

/** @param tensors a tree of host tensors @param fields what else the file says, each as JSON */
export function encodeModelFile(
  tensors: object,
  fields: Readonly<Record<string, unknown>>,
): Uint8Array {
  const texts = Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)]);
  return encodeSafetensors(flatten(tensors), Object.fromEntries(texts));
}

/**
 * @param read makes the model of the tensors by flat name and of the fields by name
 * @throws CheckpointDamagedError where the file is none, or lacks what `read` asks for
 */
export function decodeModelFile<Model>(
  bytes: Uint8Array,
  key: string,
  read: (tensors: Record<string, HostTensor>, field: <T>(name: string) => T) => Model,
): Model {
  return decodeStored(key, () => {
    const fields = readSafetensorsMetadata(bytes);
    return read(decodeSafetensors(bytes), (name) => {
      const text = fields[name];
      if (text === undefined) throw new Error(`it has no field '${name}'`);
      return JSON.parse(text);
    });
  });
}

/** Numbers in a tree of tensors. */
export function countParameters(tensors: object): number {
  return Object.values(flatten(tensors)).reduce((sum, { data }) => sum + data.length, 0);
}

function flatten(tensors: object): Record<string, HostTensor> {
  return flattenTree<HostTensor>(tensors as Tree<HostTensor>);
}
