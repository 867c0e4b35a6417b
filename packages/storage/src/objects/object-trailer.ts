import type { FileHandle } from 'node:fs/promises';
import { ObjectCorruptError } from '../errors.ts';
import type { ObjectReference } from './object-store.ts';

// An object is one file: its bytes, then what is known of them as JSON, then the JSON's length and a mark. One file
// and one rename, so bytes and description can never belong to two different writes; and since picture viewers stop
// at a picture's own end, the files open as what they are.
const MARK = Buffer.from('DEEPSTYLE-OBJECT');
const TAIL_BYTES = MARK.length + 4;
const LONGEST_JSON = 4096;

export type Trailer = ObjectReference;

export function encodeTrailer(reference: ObjectReference): Uint8Array {
  const json = Buffer.from(JSON.stringify(reference));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([json, length, MARK]);
}

/** @throws ObjectCorruptError where the file was cut off or is not one of ours */
export async function readTrailer(key: string, file: FileHandle): Promise<Trailer> {
  const { size } = await file.stat();
  const wanted = Math.min(size, LONGEST_JSON + TAIL_BYTES);
  const end = Buffer.alloc(wanted);
  const { bytesRead } = await file.read(end, 0, wanted, size - wanted);
  const jsonLength = bytesRead >= TAIL_BYTES ? end.readUInt32BE(bytesRead - TAIL_BYTES) : -1;
  const jsonStart = bytesRead - TAIL_BYTES - jsonLength;
  if (
    jsonLength < 0 ||
    jsonStart < 0 ||
    !end.subarray(bytesRead - MARK.length, bytesRead).equals(MARK)
  ) {
    throw new ObjectCorruptError(key, 'its file is cut off');
  }
  const trailer = parseTrailer(end.toString('utf8', jsonStart, jsonStart + jsonLength));
  const bytes = size - TAIL_BYTES - jsonLength;
  if (trailer === null || trailer.bytes !== bytes) {
    throw new ObjectCorruptError(key, `its file does not have the bytes that it says it has`);
  }
  return { ...trailer, key };
}

function parseTrailer(json: string): Trailer | null {
  try {
    const value = JSON.parse(json) as Partial<Trailer>;
    const { key, sha256, contentType, bytes } = value;
    const isWhole =
      typeof key === 'string' &&
      typeof sha256 === 'string' &&
      typeof contentType === 'string' &&
      typeof bytes === 'number';
    return isWhole ? { key, sha256, contentType, bytes } : null;
  } catch {
    return null;
  }
}
