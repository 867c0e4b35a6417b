import { viewOf } from './byte-view.ts';

const LINE_FEED = 10;
const SPACE = 32;
const MINUS = 45;
const PLUS = 43;
const ZERO = 48;
const NINE = 57;
/** No integer of a list file has more digits. */
const MOST_DIGITS = 9;

/**
 * The fields of one row: what stands between runs of spaces and tabs; leading and trailing ones count for nothing.
 * One object serves all rows of a file, so that a row costs no allocation.
 */
export class RowFields {
  readonly #most: number;
  #bytes: Buffer = Buffer.alloc(0);
  #viewed = this.#bytes;
  #view = viewOf(this.#bytes);
  #starts = new Int32Array(32);
  #ends = new Int32Array(32);
  #count = 0;
  #isFirstKnown = false;
  #lineStart = 0;
  #lineEnd = 0;

  /** @param most fields after these are not told apart: for rows of a thousand numbers */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  /** Number of fields. */
  get count(): number {
    return this.#count;
  }

  /**
   * Reads the row that begins at `start` and has its line feed at `end` at the latest; returns where that is.
   *
   * @param firstEnd where the first field ends that begins at `start`, if the caller knows it; else -1
   */
  read(bytes: Buffer, start: number, end: number, firstEnd = -1): number {
    this.#bytes = bytes;
    this.#lineStart = start;
    this.#isFirstKnown = firstEnd >= 0;
    const most = this.#most;
    let starts = this.#starts;
    let ends = this.#ends;
    let count = 0;
    let at = start;
    if (firstEnd >= 0) {
      starts[0] = start;
      ends[0] = firstEnd;
      count = 1;
      at = firstEnd;
    }
    while (count < most) {
      // Control characters apart from the line feed never occur in a field and separate like a space.
      let byte = bytes[at] as number;
      while (byte <= SPACE && byte !== LINE_FEED) {
        at += 1;
        byte = bytes[at] as number;
      }
      if (byte === LINE_FEED) break;
      if (count === starts.length) {
        this.#grow();
        starts = this.#starts;
        ends = this.#ends;
      }
      starts[count] = at;
      do {
        at += 1;
      } while ((bytes[at] as number) > SPACE);
      ends[count] = at;
      count += 1;
    }
    this.#count = count;
    const feed = count < most ? at : bytes.indexOf(LINE_FEED, at);
    this.#lineEnd = Math.min(feed, end);
    return this.#lineEnd;
  }

  /** Whether the first field is the one that was expected there. */
  get isFirstKnown(): boolean {
    return this.#isFirstKnown;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** The same bytes, for reading them as words. */
  get view(): DataView {
    if (this.#viewed !== this.#bytes) {
      this.#viewed = this.#bytes;
      this.#view = viewOf(this.#bytes);
    }
    return this.#view;
  }

  get lineStart(): number {
    return this.#lineStart;
  }

  /** Where the row's line feed is. */
  get lineEnd(): number {
    return this.#lineEnd;
  }

  start(field: number): number {
    return this.#starts[field] as number;
  }

  end(field: number): number {
    return this.#ends[field] as number;
  }

  text(field: number): string {
    return this.#bytes.toString('utf8', this.start(field), this.end(field));
  }

  /** Whether a field is the text that these bytes are; makes no string. */
  isText(field: number, text: Buffer): boolean {
    const start = this.start(field);
    if (this.end(field) - start !== text.length) return false;
    for (let i = 0; i < text.length; i += 1) {
      if (this.#bytes[start + i] !== text[i]) return false;
    }
    return true;
  }

  /** Fields `[from, to)`, each separated from the next by one space. */
  textOf(from: number, to: number): string {
    return Array.from({ length: to - from }, (_, i) => this.text(from + i)).join(' ');
  }

  /** A whole number in base 10, leading zeros and a sign allowed; NaN for anything else. */
  integer(field: number): number {
    return integerOf(this.#bytes, this.start(field), this.end(field));
  }

  #grow(): void {
    const starts = new Int32Array(this.#starts.length * 2);
    const ends = new Int32Array(starts.length);
    starts.set(this.#starts);
    ends.set(this.#ends);
    this.#starts = starts;
    this.#ends = ends;
  }
}

/** The bytes `[start, end)` as a whole number in base 10, leading zeros and a sign allowed; NaN for anything else. */
export function integerOf(bytes: Buffer, start: number, end: number): number {
  let at = start;
  const sign = bytes[at] as number;
  if (sign === MINUS || sign === PLUS) at += 1;
  if (at >= end || end - at > MOST_DIGITS) return Number.NaN;
  let value = 0;
  for (; at < end; at += 1) {
    const digit = bytes[at] as number;
    if (digit < ZERO || digit > NINE) return Number.NaN;
    value = value * 10 + (digit - ZERO);
  }
  return sign === MINUS ? -value : value;
}
