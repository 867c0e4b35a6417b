import type { FileHandle } from 'node:fs/promises';
import { LineTooLongError } from '../errors.ts';
import { openListFile } from './open-list-file.ts';

/**
 * Takes the line that begins at `start` and returns where its line feed is, which lies at `end` at the latest. A carriage
 * return may stand before it. The bytes are used again after the call. Lines count from 1.
 */
export type TakeLine = (bytes: Buffer, start: number, end: number, line: number) => number;

export interface LineFacts {
  /** Lines in the file; a last one without its line end counts. */
  readonly lines: number;
  /** First line that ends in CR LF; null where none does. */
  readonly windowsEndAt: number | null;
  readonly hasByteOrderMark: boolean;
}

/** Its lines are read in one go; a smaller one costs more time for each row. */
const CHUNK_BYTES = 1 << 18;
/** Before each chunk there is room for the unfinished line of the one before. */
const ROOM_BYTES = 1 << 16;
const LONGEST_LINE_BYTES = 1 << 22;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Reads a file line by line in constant memory. A byte order mark is no part of a line.
 *
 * @throws LineTooLongError; what the file system throws; the signal's reason
 */
export async function readLines(
  path: string,
  takeLine: TakeLine,
  signal?: AbortSignal,
): Promise<LineFacts> {
  const file = await openListFile(path);
  try {
    return await readFrom(file, path, takeLine, signal);
  } finally {
    await file.close();
  }
}

async function readFrom(
  file: FileHandle,
  path: string,
  takeLine: TakeLine,
  signal: AbortSignal | undefined,
): Promise<LineFacts> {
  const lines = new LineSplitter(takeLine);
  const newChunk = () => Buffer.allocUnsafe(ROOM_BYTES + CHUNK_BYTES);
  let spare = newChunk();
  let unfinished = Buffer.alloc(0);
  let reading = file.read(newChunk(), ROOM_BYTES, CHUNK_BYTES);
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead, buffer } = await reading;
    if (bytesRead === 0) break;
    // The next chunk comes while this one is taken apart.
    reading = file.read(spare, ROOM_BYTES, CHUNK_BYTES);
    reading.catch(() => {});
    const whole = joined(unfinished, buffer, bytesRead);
    const rest = lines.take(whole.bytes, whole.start, whole.end);
    // A copy: both buffers are in use until it is needed.
    unfinished = Buffer.from(whole.bytes.subarray(rest, whole.end));
    if (unfinished.length > LONGEST_LINE_BYTES) throw new LineTooLongError(path, lines.count + 1);
    spare = buffer;
  }
  if (unfinished.length > 0) lines.takeLast(unfinished);
  return {
    lines: lines.count,
    windowsEndAt: lines.windowsEndAt,
    hasByteOrderMark: lines.hasByteOrderMark,
  };
}

/** An unfinished line and the chunk that goes on with it, in the chunk's buffer where there is room. */
function joined(
  unfinished: Buffer,
  buffer: Buffer,
  bytesRead: number,
): { readonly bytes: Buffer; readonly start: number; readonly end: number } {
  const end = ROOM_BYTES + bytesRead;
  if (unfinished.length <= ROOM_BYTES) {
    const start = ROOM_BYTES - unfinished.length;
    unfinished.copy(buffer, start);
    return { bytes: buffer, start, end };
  }
  const bytes = Buffer.concat([unfinished, buffer.subarray(ROOM_BYTES, end)]);
  return { bytes, start: 0, end: bytes.length };
}

class LineSplitter {
  readonly #takeLine: TakeLine;
  count = 0;
  windowsEndAt: number | null = null;
  hasByteOrderMark = false;

  constructor(takeLine: TakeLine) {
    this.#takeLine = takeLine;
  }

  /** Hands on every whole line of `[from, end)`; returns where the unfinished one begins. */
  take(bytes: Buffer, from: number, end: number): number {
    // The buffer goes on behind `end` with what an earlier chunk left there.
    const last = bytes.subarray(from, end).lastIndexOf(LINE_FEED) + from;
    let start = from;
    while (start <= last) {
      this.count += 1;
      if (this.count === 1 && startsWithMark(bytes, start)) {
        this.hasByteOrderMark = true;
        start += 3;
      }
      const feed = this.#takeLine(bytes, start, last, this.count);
      if (feed > start && bytes[feed - 1] === CARRIAGE_RETURN) this.windowsEndAt ??= this.count;
      start = feed + 1;
    }
    return start;
  }

  /** A line without its end is taken as if it had one. */
  takeLast(line: Buffer): void {
    this.take(Buffer.concat([line, Buffer.of(LINE_FEED)]), 0, line.length + 1);
  }
}

function startsWithMark(bytes: Buffer, start: number): boolean {
  return bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
}
