/**
 * The header of a safetensors file: 8 bytes little-endian length, then JSON
 * `{name: {dtype, shape, data_offsets}, __metadata__: {key: text}}`. The tensors' bytes follow, row-major, one after another
 * without gaps. All that it claims is checked before anything is allocated.
 */
import { CheckpointFormatError, CheckpointMismatchError } from '../errors.ts';
import { describeSpec, elementCount, type TensorSpec } from '../host-tensor.ts';
import { FORMATS } from './elements.ts';

/** Limit of the format's reference reader. */
const MAX_HEADER_BYTES = 100_000_000;
export const LENGTH_BYTES = 8;

export interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Begin and end, from the first byte after the header. */
  readonly data_offsets: readonly [number, number];
}

export interface Header {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes before the tensors. */
  readonly start: number;
}

/**
 * @param bytes the file's first bytes
 * @param available the bytes of the whole file
 * @returns how long the JSON is
 */
export function headerLength(bytes: Uint8Array, available: number): number {
  if (bytes.length < LENGTH_BYTES) {
    throw new CheckpointFormatError(`${bytes.length} bytes are too few`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES || LENGTH_BYTES + length > available) {
    throw new CheckpointFormatError(`a header of ${length} bytes in a file of ${available}`);
  }
  return length;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CheckpointFormatError(`its header is no JSON (${String(cause)})`);
  }
  if (!isObject(header)) throw new CheckpointFormatError('its header is no object');
  return header;
}

function metadataOf(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isObject(value) || Object.values(value).some((text) => typeof text !== 'string')) {
    throw new CheckpointFormatError('its metadata is no map of texts');
  }
  return value as Record<string, string>;
}

/** @param json the bytes of the JSON */
export function parseHeader(json: Uint8Array): Header {
  const { __metadata__, ...entries } = parseJson(json);
  return {
    // checkEntries sees whether they are.
    entries: new Map(Object.entries(entries as Record<string, Entry>)),
    metadata: metadataOf(__metadata__),
    start: LENGTH_BYTES + json.length,
  };
}

const isSize = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

/** What is wrong with one entry, or undefined. */
function problemOf(entry: Entry, available: number): string | undefined {
  if (!isObject(entry)) return 'no description';
  const format = Object.hasOwn(FORMATS, entry.dtype) ? FORMATS[entry.dtype] : undefined;
  if (format === undefined) return `type ${String(entry.dtype)} cannot be read`;
  if (!Array.isArray(entry.shape) || !entry.shape.every(isSize)) return 'bad shape';
  const [begin, end] = Array.isArray(entry.data_offsets) ? entry.data_offsets : [];
  if (!isSize(begin) || !isSize(end) || begin > end) return 'bad offsets';
  if (end > available) return `truncated: needs ${end} bytes of data, the file has ${available}`;
  const wanted = elementCount(entry.shape) * format.bytes;
  return end - begin === wanted ? undefined : `${end - begin} bytes for ${wanted}`;
}

/** Tensors that lie in each other's bytes: so could a small file ask for much memory. */
function overlaps(entries: ReadonlyMap<string, Entry>): Map<string, string> {
  const ordered = [...entries].sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
  const problems = new Map<string, string>();
  let [reached, last] = [0, ''];
  for (const [name, { data_offsets }] of ordered) {
    const [begin, end] = data_offsets;
    if (begin < reached && begin < end) problems.set(name, `it lies in the bytes of ${last}`);
    if (end > reached) [reached, last] = [end, name];
  }
  return problems;
}

function fits(entry: Entry, spec: TensorSpec): boolean {
  return FORMATS[entry.dtype]?.dtype === spec.dtype && entry.shape.join() === spec.shape.join();
}

/**
 * Checks every entry against the bytes that there are, and against what is expected.
 * @param available bytes after the header
 * @throws CheckpointMismatchError with all missing, unexpected, mis-shaped and truncated tensors at once
 */
export function checkEntries(
  entries: ReadonlyMap<string, Entry>,
  available: number,
  expected?: Readonly<Record<string, TensorSpec>>,
): void {
  const problems = new Map<string, string>();
  for (const [name, entry] of entries) {
    const problem = problemOf(entry, available);
    if (problem !== undefined) problems.set(name, problem);
  }
  const sound = new Map([...entries].filter(([name]) => !problems.has(name)));
  for (const [name, problem] of overlaps(sound)) problems.set(name, problem);
  const specs = Object.entries(expected ?? {});
  for (const [name, spec] of specs) {
    const entry = sound.get(name);
    if (entry !== undefined && !problems.has(name) && !fits(entry, spec)) {
      problems.set(name, `${entry.dtype}[${entry.shape.join(', ')}] for ${describeSpec(spec)}`);
    }
  }
  const missing = specs.map(([name]) => name).filter((name) => !entries.has(name));
  const isKnown = (name: string) => expected === undefined || Object.hasOwn(expected, name);
  const unexpected = [...entries.keys()].filter((name) => !isKnown(name));
  const misshaped = [...problems].map(([name, problem]) => `${name} (${problem})`);
  if (missing.length + unexpected.length + misshaped.length > 0) {
    throw new CheckpointMismatchError({ missing, unexpected, misshaped });
  }
}
