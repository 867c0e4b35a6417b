import { JsonSyntaxError } from '../errors.ts';
import type { ListFile } from '../lists/list-file.ts';
import { openListFile } from '../lists/open-list-file.ts';
import { JsonScanner } from './json-scanner.ts';

/** Its values are read in one go. */
const CHUNK_BYTES = 1 << 16;
/** One value is read in one go too. That of 150,000 polygons has 3 MiB. */
const MAX_VALUE_BYTES = 1 << 22;
/** Polygons lie three levels deep; what goes through a value would fail at some thousands. */
export const MAX_NESTING = 64;

/** What goes through a JSON file is told of. */
export interface JsonListener {
  /** A list at the top of the file begins; whether its elements are wanted. The others are not parsed. */
  onList(key: string, line: number): boolean;
  /** An element of a wanted list by its index, or a value at the top that is no list (index null). */
  onValue(key: string, index: number | null, value: unknown, line: number): void;
  /** One in which numbers are none; they are null in it. Told before the value. */
  onNaN(key: string, index: number | null, line: number): void;
  /** One that is nested too deep to be worked on; it is not parsed. */
  onTooDeep(key: string, index: number | null, line: number): void;
}

/**
 * Goes through a JSON file whose root is an object, one value after the other.
 *
 * @throws JsonSyntaxError; what the file system and the listener throw; the signal's reason
 */
export async function readJsonLists(
  file: ListFile,
  listener: JsonListener,
  signal?: AbortSignal,
): Promise<void> {
  let isWanted = true;
  const scanner = new JsonScanner(
    file.name,
    (key, index, bytes, start, end, line) => {
      if (index !== null && !isWanted) return;
      if (scanner.deepest > MAX_NESTING) listener.onTooDeep(key, index, line);
      else {
        const onNaN = () => listener.onNaN(key, index, line);
        listener.onValue(key, index, scanner.parse(bytes, start, end, onNaN), line);
      }
    },
    (key, line) => {
      isWanted = listener.onList(key, line);
    },
  );
  const handle = await openListFile(file.path);
  try {
    let buffer = Buffer.allocUnsafe(2 * CHUNK_BYTES);
    /** Bytes at its begin of a value that goes on. */
    let kept = 0;
    for (let isFirst = true; ; isFirst = false) {
      signal?.throwIfAborted();
      if (buffer.length < kept + CHUNK_BYTES) buffer = Buffer.concat([buffer], 2 * buffer.length);
      const { bytesRead } = await handle.read(buffer, kept, CHUNK_BYTES);
      if (bytesRead === 0) break;
      const end = kept + bytesRead;
      const rest = scanner.scan(buffer, isFirst && startsWithMark(buffer, end) ? 3 : kept, end);
      buffer.copyWithin(0, rest, end);
      kept = end - rest;
      if (kept > MAX_VALUE_BYTES) {
        throw new JsonSyntaxError(file.name, 1, 'one of its values has more than 4 MiB');
      }
    }
    scanner.finish();
  } finally {
    await handle.close();
  }
}

function startsWithMark(bytes: Buffer, length: number): boolean {
  return length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
