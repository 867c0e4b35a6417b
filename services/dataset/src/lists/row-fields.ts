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
  #bytes: Buffer = Buffer.alloc(0);
  #starts = new Int32Array(32);
  #ends = new Int32Array(32);
  #count = 0;

  /** Number of fields. */
  get count(): number {
    return this.#count;
  }

  /** The row as bytes `[start, end)`; valid until the buffer is used again. */
  read(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    let count = 0;
    let at = start;
    for (;;) {
      // Control characters apart from the line end never occur in a field and separate like a space.
      while (at < end && (bytes[at] as number) <= SPACE) at += 1;
      if (at >= end) break;
      if (count === this.#starts.length) this.#grow();
      this.#starts[count] = at;
      while (at < end && (bytes[at] as number) > SPACE) at += 1;
      this.#ends[count] = at;
      count += 1;
    }
    this.#count = count;
  }

  get bytes(): Buffer {
    return this.#bytes;
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

  /** Fields `[from, to)`, each separated from the next by one space. */
  textOf(from: number, to: number): string {
    return Array.from({ length: to - from }, (_, i) => this.text(from + i)).join(' ');
  }

  /** A whole number in base 10, leading zeros and a sign allowed; NaN for anything else. */
  integer(field: number): number {
    const bytes = this.#bytes;
    const end = this.end(field);
    let at = this.start(field);
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

  #grow(): void {
    const starts = new Int32Array(this.#starts.length * 2);
    const ends = new Int32Array(starts.length);
    starts.set(this.#starts);
    ends.set(this.#ends);
    this.#starts = starts;
    this.#ends = ends;
  }
}
