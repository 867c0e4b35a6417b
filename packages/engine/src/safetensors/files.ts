/** Weights and checkpoints as files, one tensor at a time in memory besides those that are kept. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { HostTensor, TensorSpec } from '../host-tensor.ts';
import { flattenTree, type Tree } from '../host-tensor.ts';
import { collectTensors, decodeTensor, encodeHeader } from './codec.ts';
import { checkEntries, type Entry, headerLength, LENGTH_BYTES, parseHeader } from './header.ts';

export interface WeightFile {
  /** By flat name. */
  readonly tensors: Record<string, HostTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    // A file that is cut while it is read: what there is goes to the checks.
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/**
 * Reads a safetensors file from disk; nothing is allocated for a tensor before all of them fit.
 * @throws CheckpointFormatError, CheckpointMismatchError as decodeSafetensors does
 */
export async function loadWeights(path: string, expected?: Tree<TensorSpec>): Promise<WeightFile> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = headerLength(await readBytes(file, 0, Math.min(size, LENGTH_BYTES)), size);
    const header = parseHeader(await readBytes(file, LENGTH_BYTES, length));
    const specs = expected === undefined ? undefined : flattenTree<TensorSpec>(expected);
    checkEntries(header.entries, size - header.start, specs);
    const read = new Map<Entry, HostTensor | string>();
    for (const entry of header.entries.values()) {
      const [begin, end] = entry.data_offsets;
      const bytes = await readBytes(file, header.start + begin, end - begin);
      const isWhole = bytes.length === end - begin;
      read.set(entry, isWhole ? decodeTensor(entry, bytes) : 'the file was cut while it was read');
    }
    const tensors = collectTensors(header.entries, (entry) => read.get(entry) ?? 'not read');
    return { tensors, metadata: header.metadata };
  } finally {
    await file.close();
  }
}

/**
 * Writes a safetensors file: beside its place first, then moved there, so that whoever reads the path finds the old file
 * or the new one, whole.
 */
export async function saveWeights(
  path: string,
  tensors: Tree<HostTensor>,
  metadata?: Readonly<Record<string, string>>,
): Promise<void> {
  const flat = flattenTree<HostTensor>(tensors);
  const unfinished = `${path}.${process.pid}.part`;
  try {
    const file = await open(unfinished, 'w');
    try {
      await file.writeFile(encodeHeader(flat, metadata));
      for (const { data } of Object.values(flat)) {
        await file.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
