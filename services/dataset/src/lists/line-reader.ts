import { type FileHandle, open } from 'node:fs/promises';
import { LineTooLongError } from '../errors.ts';

/** Called with each line as bytes `[start, end)` of a buffer that is used again after the call. Lines count from 1. */
export type OnLine = (bytes: Buffer, start: number, end: number, line: number) => void;

export interface LineFacts {
  /** Lines in the file; a last one without its line end counts. */
  readonly lines: number;
  /** First line that ends in CR LF; null where none does. */
  readonly windowsEndAt: number | null;
  readonly hasByteOrderMark: boolean;
}

const CHUNK_BYTES = 1 << 20;
/** Before each chunk there is room for the unfinished line of the one before. */
const ROOM_BYTES = 1 << 16;
const LONGEST_LINE_BYTES = 1 << 26;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Reads a file line by line in constant memory. Line ends (LF or CR LF) and a byte order mark are no part of a line.
 *
 * @throws LineTooLongError; what the file system throws; the signal's reason
 */
export async function readLines(
  path: string,
  onLine: OnLine,
  signal?: AbortSignal,
): Promise<LineFacts> {
  const file = await open(path, 'r');
  try {
    return await readFrom(file, path, onLine, signal);
  } finally {
    await file.close();
  }
}

async function readFrom(
  file: FileHandle,
  path: string,
  onLine: OnLine,
  signal: AbortSignal | undefined,
): Promise<LineFacts> {
  const lines = new LineSplitter(onLine);
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
  if (unfinished.length > 0) lines.last(unfinished);
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
  readonly #onLine: OnLine;
  count = 0;
  windowsEndAt: number | null = null;
  hasByteOrderMark = false;

  constructor(onLine: OnLine) {
    this.#onLine = onLine;
  }

  /** Hands on every whole line of `[from, end)`; returns where the unfinished one begins. */
  take(buffer: Buffer, from: number, end: number): number {
    const view = buffer.subarray(0, end);
    let start = from;
    for (;;) {
      const feed = view.indexOf(LINE_FEED, start);
      if (feed === -1) return start;
      this.#line(buffer, start, feed);
      start = feed + 1;
    }
  }

  last(buffer: Buffer): void {
    this.#line(buffer, 0, buffer.length);
  }

  #line(buffer: Buffer, from: number, to: number): void {
    this.count += 1;
    let start = from;
    let end = to;
    if (this.count === 1 && startsWithMark(buffer, start, end)) {
      this.hasByteOrderMark = true;
      start += 3;
    }
    if (end > start && buffer[end - 1] === CARRIAGE_RETURN) {
      this.windowsEndAt ??= this.count;
      end -= 1;
    }
    this.#onLine(buffer, start, end, this.count);
  }
}

function startsWithMark(buffer: Buffer, start: number, end: number): boolean {
  return (
    end - start >= 3 &&
    buffer[start] === 0xef &&
    buffer[start + 1] === 0xbb &&
    buffer[start + 2] === 0xbf
  );
}
