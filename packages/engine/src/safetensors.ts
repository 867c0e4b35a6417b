import { CheckpointFormatError, CheckpointMismatchError } from './errors.ts';
import {
  createData,
  type DType,
  describeSpec,
  elementCount,
  type HostTensor,
  type TensorSpec,
} from './host-tensor.ts';

/**
 * safetensors: 8 bytes little-endian header length, a JSON header
 * `{name: {dtype, shape, data_offsets}}`, then the tensors' bytes, row-major and without gaps.
 */
const WRITTEN = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const satisfies Record<
  DType,
  string
>;

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/** Formats that can be read: bytes per element and the dtype they become. */
const READ: Readonly<Record<string, { bytes: number; dtype: DType }>> = {
  F32: { bytes: 4, dtype: 'float32' },
  F16: { bytes: 2, dtype: 'float32' },
  BF16: { bytes: 2, dtype: 'float32' },
  F64: { bytes: 8, dtype: 'float32' },
  I32: { bytes: 4, dtype: 'int32' },
  I64: { bytes: 8, dtype: 'int32' },
  U8: { bytes: 1, dtype: 'int32' },
  BOOL: { bytes: 1, dtype: 'bool' },
};

/** Header limit of the format's reference reader. */
const MAX_HEADER_BYTES = 100_000_000;

export function encodeSafetensors(
  tensors: Readonly<Record<string, HostTensor>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = metadata === undefined ? {} : { __metadata__: metadata };
  let offset = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    const end = offset + tensor.data.byteLength;
    header[name] = {
      dtype: WRITTEN[tensor.dtype],
      shape: tensor.shape,
      data_offsets: [offset, end],
    };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + offset).fill(0x20, 8, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, 8);
  let position = 8 + padded;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

function readHeader(bytes: Uint8Array): { header: Record<string, Entry>; start: number } {
  if (bytes.length < 8) throw new CheckpointFormatError(`${bytes.length} bytes are too few`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES || 8 + length > bytes.length) {
    throw new CheckpointFormatError(`a header of ${length} bytes in a file of ${bytes.length}`);
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  } catch (cause) {
    throw new CheckpointFormatError(`its header is no JSON (${String(cause)})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new CheckpointFormatError('its header is no object');
  }
  return { header: header as Record<string, Entry>, start: 8 + length };
}

const isSize = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

/** Checks one entry before anything is allocated; returns what is wrong, or undefined. */
function problemOf(entry: Entry, available: number): string | undefined {
  if (typeof entry !== 'object' || entry === null) return 'no description';
  const format = READ[entry.dtype];
  if (format === undefined) return `type ${String(entry.dtype)} cannot be read`;
  if (!Array.isArray(entry.shape) || !entry.shape.every(isSize)) return 'bad shape';
  const [begin, end] = Array.isArray(entry.data_offsets) ? entry.data_offsets : [];
  if (!isSize(begin) || !isSize(end) || begin > end) return 'bad offsets';
  if (end > available) return `truncated: needs ${end} bytes of data, the file has ${available}`;
  const wanted = elementCount(entry.shape) * format.bytes;
  return end - begin === wanted ? undefined : `${end - begin} bytes for ${wanted}`;
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function brainToFloat(half: number): number {
  const scratch = new DataView(new ArrayBuffer(4));
  scratch.setUint16(0, half);
  return scratch.getFloat32(0);
}

const ELEMENT: Readonly<Record<string, (view: DataView, offset: number) => number>> = {
  F32: (view, offset) => view.getFloat32(offset, true),
  F64: (view, offset) => view.getFloat64(offset, true),
  F16: (view, offset) => halfToFloat(view.getUint16(offset, true)),
  BF16: (view, offset) => brainToFloat(view.getUint16(offset, true)),
  I32: (view, offset) => view.getInt32(offset, true),
  I64: (view, offset) => Number(view.getBigInt64(offset, true)),
  U8: (view, offset) => view.getUint8(offset),
  BOOL: (view, offset) => view.getUint8(offset),
};

function readEntry(bytes: Uint8Array, start: number, entry: Entry): HostTensor {
  const format = READ[entry.dtype] as { bytes: number; dtype: DType };
  const [begin, end] = entry.data_offsets;
  const data = createData(format.dtype, elementCount(entry.shape));
  const slice = bytes.subarray(start + begin, start + end);
  if (entry.dtype === WRITTEN[format.dtype]) {
    new Uint8Array(data.buffer).set(slice);
  } else {
    const element = ELEMENT[entry.dtype] as (view: DataView, offset: number) => number;
    const view = new DataView(slice.buffer, slice.byteOffset, slice.byteLength);
    for (let i = 0; i < data.length; i++) data[i] = element(view, i * format.bytes);
  }
  return { shape: entry.shape, dtype: format.dtype, data };
}

function fits(entry: Entry, spec: TensorSpec): boolean {
  return READ[entry.dtype]?.dtype === spec.dtype && entry.shape.join() === spec.shape.join();
}

function compare(
  entries: ReadonlyMap<string, Entry>,
  problems: readonly string[],
  expected: Readonly<Record<string, TensorSpec>>,
): void {
  const misshaped = [...problems];
  for (const [name, spec] of Object.entries(expected)) {
    const entry = entries.get(name);
    if (entry === undefined || problems.some((problem) => problem.startsWith(`${name} (`)))
      continue;
    if (!fits(entry, spec)) {
      misshaped.push(`${name} (${entry.dtype}[${entry.shape}] for ${describeSpec(spec)})`);
    }
  }
  const missing = Object.keys(expected).filter((name) => !entries.has(name));
  const unexpected = [...entries.keys()].filter((name) => !(name in expected));
  if (missing.length + unexpected.length + misshaped.length > 0) {
    throw new CheckpointMismatchError({ missing, unexpected, misshaped });
  }
}

/** The metadata of a file (empty if it has none). */
export function readSafetensorsMetadata(bytes: Uint8Array): Record<string, string> {
  const { header } = readHeader(bytes);
  return (header.__metadata__ ?? {}) as unknown as Record<string, string>;
}

/**
 * Reads a safetensors file, also a foreign one (half, double and 64-bit types are converted). Every entry
 * is checked against the file's size, and against `expected` where given, before memory is taken.
 * @throws CheckpointFormatError if the bytes are no safetensors file
 * @throws CheckpointMismatchError with all missing, unexpected, mis-shaped and truncated tensors at once
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  expected?: Readonly<Record<string, TensorSpec>>,
): Record<string, HostTensor> {
  const { header, start } = readHeader(bytes);
  const entries = new Map(Object.entries(header).filter(([name]) => name !== '__metadata__'));
  const problems: string[] = [];
  for (const [name, entry] of entries) {
    const problem = problemOf(entry, bytes.length - start);
    if (problem !== undefined) problems.push(`${name} (${problem})`);
  }
  if (expected !== undefined) compare(entries, problems, expected);
  if (problems.length > 0) {
    throw new CheckpointMismatchError({ missing: [], unexpected: [], misshaped: problems });
  }
  const tensors: Record<string, HostTensor> = {};
  for (const [name, entry] of entries) tensors[name] = readEntry(bytes, start, entry);
  return tensors;
}
