import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ByteSink } from './byte-sink.ts';
import { viewOf } from './lists/byte-view.ts';

const BATCH_BYTES = 1 << 20;
const [QUOTE, BACKSLASH, SPACE, TILDE, COMMA, MINUS, ZERO] = [34, 92, 32, 126, 44, 45, 48] as const;

/** Text that is JSON already, as words of 4 bytes: for what every row has. */
export interface JsonPiece {
  readonly length: number;
  /** The last one filled up with zeros. */
  readonly words: Uint32Array;
}

export function jsonPiece(text: string): JsonPiece {
  const bytes = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 4) * 4);
  const length = bytes.write(text);
  const words = Uint32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(i * 4));
  return { length, words };
}

/**
 * JSON text, put together as bytes and handed on in large batches: a row of a dataset costs no string. Where a batch
 * `isFull`, `await flush()`, which also lets other work of the process have its turn. A batch is being written while the
 * next one is put together.
 */
export class JsonBatches {
  readonly #sink: ByteSink;
  #bytes = Buffer.allocUnsafeSlow(BATCH_BYTES * 2);
  #spare = Buffer.allocUnsafeSlow(BATCH_BYTES * 2);
  #view = viewOf(this.#bytes);
  #at = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  get isFull(): boolean {
    return this.#at >= BATCH_BYTES;
  }

  piece({ length, words }: JsonPiece): void {
    this.#room(length + 3);
    const view = this.#view;
    // What the last word has in excess is written over by what follows.
    for (let i = 0; i < words.length; i += 1) {
      view.setUint32(this.#at + i * 4, words[i] as number, true);
    }
    this.#at += length;
  }

  /** Text that is JSON already. */
  text(text: string): void {
    // A unit of UTF-16 takes 3 bytes of UTF-8 at most.
    const bytes = this.#room(text.length * 3);
    this.#at += bytes.write(text, this.#at);
  }

  /** A string as JSON has it. */
  string(value: string): void {
    const bytes = this.#room(value.length + 2);
    let at = this.#at;
    bytes[at] = QUOTE;
    at += 1;
    for (let i = 0; i < value.length; i += 1, at += 1) {
      const unit = value.charCodeAt(i);
      if (unit < SPACE || unit > TILDE || unit === QUOTE || unit === BACKSLASH) {
        this.text(JSON.stringify(value));
        return;
      }
      bytes[at] = unit;
    }
    bytes[at] = QUOTE;
    this.#at = at + 1;
  }

  /** The bytes `[start, end)` as a string of JSON. False, and nothing is written, where they are not all plain ASCII. */
  plainBytes(source: Buffer, start: number, end: number): boolean {
    const bytes = this.#room(end - start + 2);
    let at = this.#at + 1;
    for (let i = start; i < end; i += 1, at += 1) {
      const byte = source[i] as number;
      if (byte < SPACE || byte > TILDE || byte === QUOTE || byte === BACKSLASH) return false;
      bytes[at] = byte;
    }
    bytes[this.#at] = QUOTE;
    bytes[at] = QUOTE;
    this.#at = at + 1;
    return true;
  }

  /** A finite number. */
  number(value: number): void {
    // True for what fits into 32 bits, -0 too, which JSON writes as 0.
    if (value !== (value | 0)) {
      this.text(String(value));
      return;
    }
    this.#room(MOST_DIGITS + 4);
    const view = this.#view;
    if (value < 0) {
      view.setUint8(this.#at, MINUS);
      this.#at += 1;
    }
    this.#at = writeDigits(view, this.#at, Math.abs(value));
  }

  /** Numbers with commas between them. */
  numbers(values: readonly number[]): void {
    for (let i = 0; i < values.length; i += 1) {
      this.#room(MOST_DIGITS + 4);
      if (i > 0) {
        this.#view.setUint8(this.#at, COMMA);
        this.#at += 1;
      }
      const value = values[i] as number;
      if (value >= 0 && value < 1000 && Number.isInteger(value)) {
        this.#at = writeDigits(this.#view, this.#at, value);
      } else this.number(value);
    }
  }

  /** @throws what the sink threw of the batch before */
  async flush(): Promise<void> {
    await this.#writing;
    this.#writing = this.#sink.write(this.#bytes.subarray(0, this.#at));
    // What fails is told by the next flush or the end.
    this.#writing.catch(() => {});
    [this.#bytes, this.#spare] = [this.#spare, this.#bytes];
    this.#view = viewOf(this.#bytes);
    this.#at = 0;
    await nextTurn();
  }

  /** @throws what the sink throws */
  async end(): Promise<void> {
    await this.flush();
    await this.#writing;
  }

  /** The batch with room for so many bytes more. */
  #room(bytes: number): Buffer {
    const needed = this.#at + bytes;
    if (needed > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes], needed * 2);
      this.#view = viewOf(this.#bytes);
    }
    return this.#bytes;
  }
}

const MOST_DIGITS = 10;

/** The digits of 0 to 999 as bytes, the first one lowest, and their number as the highest byte. */
const DIGITS = digitWords(0);
/** The same with zeros before them. */
const THREE_DIGITS = digitWords(3);

function digitWords(least: number): Uint32Array {
  return Uint32Array.from({ length: 1000 }, (_, value) => {
    const text = String(value).padStart(least, '0');
    const bytes = [...text].map((digit) => ZERO + Number(digit));
    return bytes.reduce((word, byte, i) => word | (byte << (8 * i)), bytes.length << 24);
  });
}

/**
 * Writes a whole number from 0 to 2^31 and returns where it ends. What a word has behind its digits is written over by what
 * follows.
 */
function writeDigits(view: DataView, start: number, value: number): number {
  if (value < 1000) {
    const word = DIGITS[value] as number;
    view.setUint32(start, word, true);
    return start + (word >>> 24);
  }
  const thousands = Math.trunc(value / 1000);
  const at = writeDigits(view, start, thousands);
  view.setUint32(at, THREE_DIGITS[value - thousands * 1000] as number, true);
  return at + 3;
}
