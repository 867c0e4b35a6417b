import { isUtf8 } from 'node:buffer';
import { doubled } from './growing-column.ts';

const NOT_FOUND = -1;
const BACKSLASH = 92;
const SLASH = 47;
const LONGEST_NAME_BYTES = 1024;

/**
 * Distinct names in the order of their adding, kept as bytes: 300,000 names of 70 bytes take about 25 MB, and looking
 * one up makes no string. The next name is expected to be the one after the last that was found, as lists of one
 * dataset are mostly in one order; then no hash is computed.
 */
export class NameTable {
  #arena = Buffer.allocUnsafe(1 << 16);
  /** Name i is `[#offsets[i], #offsets[i + 1])` of the arena. */
  #offsets = new Uint32Array(1 << 10);
  /** So that a larger table of slots needs no second look at the names. */
  #hashes = new Uint32Array(1 << 10);
  #slots = new Int32Array(1 << 11).fill(NOT_FOUND);
  #count = 0;
  #expected = 0;
  #byLowerCase: Map<string, number> | null = null;

  get count(): number {
    return this.#count;
  }

  /** Says that the next list begins. */
  rewind(): void {
    this.#expected = 0;
  }

  /** Place of the name `[start, end)`, or -1. */
  find(bytes: Buffer, start: number, end: number): number {
    const expected = this.#expected;
    if (expected < this.#count && this.#isName(expected, bytes, start, end)) {
      this.#expected = expected + 1;
      return expected;
    }
    const hash = hashOf(bytes, start, end);
    const place = this.#slots[this.#slotOf(hash, bytes, start, end)] as number;
    if (place !== NOT_FOUND) this.#expected = place + 1;
    return place;
  }

  /** Place of a name that differs from this one at most in its capitals, or -1; the first of several. */
  findIgnoringCase(name: string): number {
    if (this.#byLowerCase === null) {
      this.#byLowerCase = new Map();
      for (let place = this.#count - 1; place >= 0; place -= 1) {
        this.#byLowerCase.set(this.text(place).toLowerCase(), place);
      }
    }
    return this.#byLowerCase.get(name.toLowerCase()) ?? NOT_FOUND;
  }

  /** Adds a name that is not there; returns its place. */
  add(bytes: Buffer, start: number, end: number): number {
    const place = this.#count;
    const at = this.#offsets[place] as number;
    const to = at + (end - start);
    if (to > this.#arena.length) this.#arena = Buffer.concat([this.#arena], to * 2);
    bytes.copy(this.#arena, at, start, end);
    if (place + 2 > this.#offsets.length) {
      this.#offsets = doubled(this.#offsets);
      this.#hashes = doubled(this.#hashes);
    }
    this.#offsets[place + 1] = to;
    const hash = hashOf(bytes, start, end);
    this.#hashes[place] = hash;
    this.#count += 1;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    else this.#slots[this.#freeSlot(hash)] = place;
    this.#byLowerCase = null;
    return place;
  }

  text(place: number): string {
    return this.#arena.toString('utf8', this.#offsets[place], this.#offsets[place + 1]);
  }

  #isName(place: number, bytes: Buffer, start: number, end: number): boolean {
    let at = this.#offsets[place] as number;
    if ((this.#offsets[place + 1] as number) - at !== end - start) return false;
    const arena = this.#arena;
    for (let i = start; i < end; i += 1, at += 1) {
      if (arena[at] !== bytes[i]) return false;
    }
    return true;
  }

  /** The slot that holds the name, or the free one where it would stand. */
  #slotOf(hash: number, bytes: Buffer, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const place = this.#slots[slot] as number;
      if (place === NOT_FOUND || this.#isName(place, bytes, start, end)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #freeSlot(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== NOT_FOUND) slot = (slot + 1) & mask;
    return slot;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(NOT_FOUND);
    for (let place = 0; place < this.#count; place += 1) {
      this.#slots[this.#freeSlot(this.#hashes[place] as number)] = place;
    }
  }
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i += 1) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  // The low bits choose the slot; names that end alike must not meet there.
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Replaces backslashes in place; true where there were some. */
export function straightenSlashes(bytes: Buffer, start: number, end: number): boolean {
  let found = false;
  for (let i = start; i < end; i += 1) {
    if (bytes[i] !== BACKSLASH) continue;
    bytes[i] = SLASH;
    found = true;
  }
  return found;
}

/** Why bytes are no name of a file below a folder; null where they are one. */
export function nameProblem(bytes: Buffer, start: number, end: number): string | null {
  if (end - start > LONGEST_NAME_BYTES) return `It has more than ${LONGEST_NAME_BYTES} bytes.`;
  let isPlain = true;
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i] as number;
    if (byte < 32 || byte === 127) return 'It has a control character.';
    if (byte > 127) isPlain = false;
  }
  if (!isPlain && !isUtf8(bytes.subarray(start, end))) return 'It is no UTF-8.';
  return pathProblem(bytes.toString('utf8', start, end));
}

const UNSAFE_PATH = /(^|\/)\.\.?(\/|$)|^\/|^[A-Za-z]:|\/\/|\/$|^$/;

/** Why a text is no path below a folder; null where it is one. */
export function pathProblem(path: string): string | null {
  return UNSAFE_PATH.test(path) ? `"${path}" is no path below the image folder.` : null;
}
