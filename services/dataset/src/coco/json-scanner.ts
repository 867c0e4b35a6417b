import { JsonSyntaxError } from '../errors.ts';
import { parseJson } from './parse-json.ts';

/**
 * Called with each value at the top of a file: with each element of a list by its index, with any other value as a
 * whole (index null). The bytes `[start, end)` are JSON text, valid during the call only.
 */
export type OnValue = (
  key: string,
  index: number | null,
  bytes: Buffer,
  start: number,
  end: number,
  line: number,
) => void;

/** Called where a list at the top of a file begins. */
export type OnList = (key: string, line: number) => void;

type State =
  | 'root'
  | 'firstKey'
  | 'key'
  | 'inKey'
  | 'colon'
  | 'value'
  | 'inValue'
  | 'firstElement'
  | 'element'
  | 'inElement'
  | 'afterList'
  | 'end';

const QUOTE = 34;
const BACKSLASH = 92;
const LINE_FEED = 10;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

const [OTHER, SPACE, STRING, OPEN, CLOSE, SEPARATOR, FEED] = [0, 1, 2, 3, 4, 5, 6] as const;
const KIND = new Uint8Array(256).fill(OTHER);
for (const byte of [9, 13, 32]) KIND[byte] = SPACE;
KIND[LINE_FEED] = FEED;
KIND[QUOTE] = STRING;
for (const byte of [OPEN_BRACE, OPEN_BRACKET]) KIND[byte] = OPEN;
for (const byte of [CLOSE_BRACE, CLOSE_BRACKET]) KIND[byte] = CLOSE;
KIND[COMMA] = SEPARATOR;

/**
 * Takes a JSON object apart, chunk by chunk, into the elements of its lists and its other values, without holding more
 * than one of them. What an element holds is checked by whoever parses it.
 */
export class JsonScanner {
  readonly #file: string;
  readonly #onValue: OnValue;
  readonly #onList: OnList;
  #state: State = 'root';
  #line = 1;
  #key = '';
  #index = 0;
  /** Where the value or key under way begins in the buffer, and on which line; -1: none is. */
  #start = -1;
  #startLine = 0;
  #nesting = 0;
  #deepest = 0;
  #isInString = false;
  #isEscaped = false;

  constructor(file: string, onValue: OnValue, onList: OnList) {
    this.#file = file;
    this.#onValue = onValue;
    this.#onList = onList;
  }

  /**
   * Goes on over `[from, end)`. Returns where the bytes begin that must stand before those of the next call.
   *
   * @throws JsonSyntaxError
   */
  scan(bytes: Buffer, from: number, end: number): number {
    let at = from;
    if (this.#start >= 0) this.#start = 0;
    while (at < end) {
      if (this.#state === 'inValue' || this.#state === 'inElement') {
        at = this.#scanValue(bytes, at, end);
      } else if (this.#state === 'inKey') at = this.#scanKey(bytes, at, end);
      else at = this.#scanBetween(bytes, at);
    }
    return this.#start >= 0 ? this.#start : end;
  }

  /** Levels of lists and objects in the value that `onValue` is told of. */
  get deepest(): number {
    return this.#deepest;
  }

  /** @throws JsonSyntaxError where the object is not closed */
  finish(): void {
    if (this.#state !== 'end') this.#fail('it ends in the middle');
  }

  /**
   * @param onNaN told where it has numbers that are none
   * @throws JsonSyntaxError
   */
  parse(bytes: Buffer, start: number, end: number, onNaN: () => void = () => {}): unknown {
    try {
      return parseJson(bytes.toString('utf8', start, end), onNaN);
    } catch (error) {
      throw new JsonSyntaxError(this.#file, this.#startLine, (error as Error).message);
    }
  }

  #scanValue(bytes: Buffer, from: number, end: number): number {
    let at = from;
    while (at < end) {
      if (this.#isInString) {
        at = this.#skipString(bytes, at, end);
        continue;
      }
      const byte = bytes[at] as number;
      const kind = KIND[byte] as number;
      if (kind >= STRING && this.#structure(kind, byte, bytes, at)) return at + 1;
      at += 1;
    }
    return at;
  }

  /** One byte of structure inside a value; true where the value ends before it. */
  #structure(kind: number, byte: number, bytes: Buffer, at: number): boolean {
    if (kind === STRING) this.#isInString = true;
    else if (kind === FEED) this.#line += 1;
    else if (kind === OPEN) this.#open();
    else if (this.#nesting === 0) {
      this.#endValue(byte, bytes, at);
      return true;
    } else if (kind === CLOSE) this.#nesting -= 1;
    return false;
  }

  #open(): void {
    this.#nesting += 1;
    if (this.#nesting > this.#deepest) this.#deepest = this.#nesting;
  }

  #endValue(byte: number, bytes: Buffer, at: number): void {
    const isElement = this.#state === 'inElement';
    const closing = isElement ? CLOSE_BRACKET : CLOSE_BRACE;
    if (byte !== COMMA && byte !== closing)
      this.#fail(`"${String.fromCharCode(byte)}" is in excess`);
    const index = isElement ? this.#index : null;
    this.#onValue(this.#key, index, bytes, this.#start, at, this.#startLine);
    this.#start = -1;
    this.#index += 1;
    if (isElement) this.#state = byte === COMMA ? 'element' : 'afterList';
    else this.#state = byte === COMMA ? 'key' : 'end';
  }

  #skipString(bytes: Buffer, from: number, end: number): number {
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at += 1;
    }
    while (at < end) {
      const byte = bytes[at] as number;
      at += 1;
      if (byte === QUOTE) {
        this.#isInString = false;
        return at;
      }
      if (byte !== BACKSLASH) continue;
      if (at === end) this.#isEscaped = true;
      at += 1;
    }
    return Math.min(at, end);
  }

  #scanKey(bytes: Buffer, from: number, end: number): number {
    const at = this.#skipString(bytes, from, end);
    if (this.#isInString) return at;
    this.#key = String(this.parse(bytes, this.#start, at));
    this.#start = -1;
    this.#state = 'colon';
    return at;
  }

  /** One byte between values. */
  #scanBetween(bytes: Buffer, at: number): number {
    const byte = bytes[at] as number;
    const kind = KIND[byte] as number;
    if (kind === FEED) this.#line += 1;
    if (kind === FEED || kind === SPACE) return at + 1;
    if (byte === QUOTE && (this.#state === 'key' || this.#state === 'firstKey')) {
      this.#begin('inKey', at);
      this.#isInString = true;
      return at + 1;
    }
    const next = this.#follow(byte);
    if (next === 'inValue' || next === 'inElement') {
      this.#begin(next, at);
      return at;
    }
    this.#state = next;
    return at + 1;
  }

  #begin(state: State, at: number): void {
    this.#state = state;
    this.#start = at;
    this.#startLine = this.#line;
    this.#nesting = 0;
    this.#deepest = 0;
  }

  /** The state after a byte between values. */
  #follow(byte: number): State {
    const state = this.#state;
    if (state === 'root' && byte === OPEN_BRACE) return 'firstKey';
    if (state === 'firstKey' && byte === CLOSE_BRACE) return 'end';
    if (state === 'colon' && byte === COLON) return 'value';
    if (state === 'value' && byte === OPEN_BRACKET) {
      this.#index = 0;
      this.#onList(this.#key, this.#line);
      return 'firstElement';
    }
    if (state === 'firstElement' && byte === CLOSE_BRACKET) return 'afterList';
    return this.#followValue(byte);
  }

  #followValue(byte: number): State {
    const state = this.#state;
    const beginsValue = byte !== COMMA && byte !== CLOSE_BRACE && byte !== CLOSE_BRACKET;
    if (state === 'value' && beginsValue) return 'inValue';
    if ((state === 'firstElement' || state === 'element') && beginsValue) return 'inElement';
    if (state === 'afterList' && byte === COMMA) return 'key';
    if (state === 'afterList' && byte === CLOSE_BRACE) return 'end';
    if (state === 'root') this.#fail('it does not begin with "{", as annotations do');
    return this.#fail(`"${String.fromCharCode(byte)}" is out of place`);
  }

  #fail(problem: string): never {
    throw new JsonSyntaxError(this.#file, this.#line, problem);
  }
}
