import { CheckpointFormatError, CheckpointMismatchError } from '../errors.ts';
import {
  checkTensor,
  createData,
  elementCount,
  flattenTree,
  type HostTensor,
  type TensorSpec,
  type Tree,
  unflattenTree,
} from '../host-tensor.ts';
import { type ElementFormat, FORMATS, readElements, WRITTEN } from './elements.ts';
import {
  checkEntries,
  type Entry,
  type Header,
  headerLength,
  LENGTH_BYTES,
  parseHeader,
} from './header.ts';

/** Offsets are multiples of it, so that readers may map the tensors where they lie. */
const ALIGNMENT = 8;

const bytesOf = ({ data }: HostTensor): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** The file up to the tensors' bytes, which follow in the order of the names. */
export function encodeHeader(
  tensors: Readonly<Record<string, HostTensor>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const header: [string, unknown][] = metadata === undefined ? [] : [['__metadata__', metadata]];
  let offset = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    checkTensor(name, tensor, tensor);
    const { dtype, shape, data } = tensor;
    const end = offset + data.byteLength;
    header.push([name, { dtype: WRITTEN[dtype], shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const padded = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(LENGTH_BYTES + padded).fill(0x20, LENGTH_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, LENGTH_BYTES);
  return bytes;
}

/**
 * A safetensors file.
 * @throws ShapeMismatchError if a tensor has not the elements that its shape says
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, HostTensor>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const header = encodeHeader(tensors, metadata);
  const all = Object.values(tensors).map(bytesOf);
  const length = all.reduce((sum, { length }) => sum + length, header.length);
  const bytes = new Uint8Array(length);
  bytes.set(header);
  let position = header.length;
  for (const part of all) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}

/** What an entry becomes, from its own bytes; a text where it cannot become that. */
export function decodeTensor(entry: Entry, bytes: Uint8Array): HostTensor | string {
  const format = FORMATS[entry.dtype] as ElementFormat;
  const data = createData(format.dtype, elementCount(entry.shape));
  const excess = readElements(bytes, format, data);
  if (excess !== undefined) return `its element ${excess} does not fit int32`;
  return { shape: entry.shape, dtype: format.dtype, data };
}

/** Reads all entries by `read`; those that cannot be had are named together. */
export function collectTensors(
  entries: ReadonlyMap<string, Entry>,
  read: (entry: Entry) => HostTensor | string,
): Record<string, HostTensor> {
  const tensors: [string, HostTensor][] = [];
  const misshaped: string[] = [];
  for (const [name, entry] of entries) {
    const tensor = read(entry);
    if (typeof tensor === 'string') misshaped.push(`${name} (${tensor})`);
    else tensors.push([name, tensor]);
  }
  if (misshaped.length > 0) {
    throw new CheckpointMismatchError({ missing: [], unexpected: [], misshaped });
  }
  return Object.fromEntries(tensors);
}

function headerOf(bytes: Uint8Array): Header {
  const length = headerLength(bytes, bytes.length);
  return parseHeader(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
}

/**
 * The metadata of a file (empty if it has none).
 * @throws CheckpointFormatError
 */
export const readSafetensorsMetadata = (bytes: Uint8Array): Record<string, string> => ({
  ...headerOf(bytes).metadata,
});

/**
 * Reads a safetensors file, also a foreign one: half, double, bfloat16 and the other integer types are converted. Every
 * entry is checked against the file's size, and against `expected` where given, before memory is taken.
 * @throws CheckpointFormatError if the bytes are no safetensors file
 * @throws CheckpointMismatchError with all missing, unexpected, mis-shaped and truncated tensors at once
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  expected?: Readonly<Record<string, TensorSpec>>,
): Record<string, HostTensor> {
  const { entries, start } = headerOf(bytes);
  checkEntries(entries, bytes.length - start, expected);
  return collectTensors(entries, (entry) => {
    const [begin, end] = entry.data_offsets;
    return decodeTensor(entry, bytes.subarray(start + begin, start + end));
  });
}

const flatten = (state: object) => flattenTree<HostTensor>(state as Tree<HostTensor>);

/**
 * A training as bytes: every tensor that a step changes, and where in the training that is.
 * @param position any JSON object
 */
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
