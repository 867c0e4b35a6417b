import { isUtf8 } from 'node:buffer';
import { pathKey } from '@deepstyle/contracts';
import { textProblem } from '@deepstyle/contracts/request-rules';
import { viewOf } from './byte-view.ts';
import { doubled, lengthened } from './growing-column.ts';

const NOT_FOUND = -1;
const [SPACE, DOT, SLASH, COLON, BACKSLASH, DELETE] = [32, 46, 47, 58, 92, 127] as const;
const LONGEST_NAME_BYTES = 1024;

/**
 * Distinct names in the order of their adding, kept as bytes: 300,000 names of 70 bytes take about 25 MB, and looking
 * one up makes no string. The next name is expected to be the one after the last that was found, as lists of one
 * dataset are mostly in one order; then no hash is computed.
 */
export class NameTable {
  #arena = Buffer.allocUnsafeSlow(1 << 16);
  #arenaView = viewOf(this.#arena);
  #viewed: Buffer = this.#arena;
  #view = this.#arenaView;
  /** Name i is `[#offsets[i], #offsets[i + 1])` of the arena. */
  #offsets = new Uint32Array(1 << 10);
  /** So that a larger table of slots needs no second look at the names. */
  #hashes = new Uint32Array(1 << 10);
  #slots = new Int32Array(1 << 11).fill(NOT_FOUND);
  #count = 0;
  #expected = 0;
  #byKey: Map<string, number> | null = null;

  get count(): number {
    return this.#count;
  }

  /** Makes room for so many names, of so many bytes in all. */
  reserve(names: number, bytes: number): void {
    if (bytes > this.#arena.length) this.#lengthenArena(bytes);
    if (names >= this.#offsets.length) {
      this.#offsets = lengthened(this.#offsets, names + 1);
      this.#hashes = lengthened(this.#hashes, names + 1);
    }
    this.#rehash(Math.max(this.#slots.length, 2 ** Math.ceil(Math.log2(names * 2))));
  }

  /** Says that the next list begins. */
  rewind(): void {
    this.#expected = 0;
  }

  /** Where the expected name ends, if it stands at `start` with a space or line end behind it; else -1. */
  expectedEnd(bytes: Buffer, start: number): number {
    const expected = this.#expected;
    if (expected >= this.#count) return NOT_FOUND;
    const end =
      start + (this.#offsets[expected + 1] as number) - (this.#offsets[expected] as number);
    if (end >= bytes.length || (bytes[end] as number) > SPACE) return NOT_FOUND;
    return this.#isName(expected, bytes, start, end) ? end : NOT_FOUND;
  }

  /** Place of the expected name, which was found. */
  takeExpected(): number {
    this.#expected += 1;
    return this.#expected - 1;
  }

  /** Place of the name `[start, end)`, or -1. */
  find(bytes: Buffer, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    const place = this.#slots[this.#slotOf(hash, bytes, start, end)] as number;
    if (place !== NOT_FOUND) this.#expected = place + 1;
    return place;
  }

  /** Place of a name that people take for this one, or -1; the first of several. */
  findSimilar(name: string): number {
    if (this.#byKey === null) {
      this.#byKey = new Map();
      for (let place = this.#count - 1; place >= 0; place -= 1) {
        this.#byKey.set(pathKey(this.text(place)), place);
      }
    }
    return this.#byKey.get(pathKey(name)) ?? NOT_FOUND;
  }

  /** Adds a name that is not there; returns its place. */
  add(bytes: Buffer, start: number, end: number): number {
    const place = this.#count;
    let at = this.#offsets[place] as number;
    const to = at + (end - start);
    if (to > this.#arena.length) this.#lengthenArena(to * 2);
    const arena = this.#arena;
    for (let i = start; i < end; i += 1, at += 1) arena[at] = bytes[i] as number;
    if (place + 2 > this.#offsets.length) {
      this.#offsets = doubled(this.#offsets);
      this.#hashes = doubled(this.#hashes);
    }
    this.#offsets[place + 1] = to;
    const hash = hashOf(bytes, start, end);
    this.#hashes[place] = hash;
    this.#count += 1;
    if (this.#count * 2 > this.#slots.length) this.#rehash(this.#slots.length * 2);
    else this.#slots[this.#freeSlot(hash)] = place;
    this.#byKey = null;
    return place;
  }

  text(place: number): string {
    return this.#arena.toString('utf8', this.#offsets[place], this.#offsets[place + 1]);
  }

  #isName(place: number, bytes: Buffer, start: number, end: number): boolean {
    const from = this.#offsets[place] as number;
    let at = this.#offsets[place + 1] as number;
    if (at - from !== end - start) return false;
    const own = this.#arenaView;
    const given = this.#viewOf(bytes);
    // From behind: names of one folder begin alike.
    let i = end;
    while (i - 4 >= start) {
      i -= 4;
      at -= 4;
      if (own.getUint32(at) !== given.getUint32(i)) return false;
    }
    while (i > start) {
      i -= 1;
      at -= 1;
      if (own.getUint8(at) !== given.getUint8(i)) return false;
    }
    return true;
  }

  /** The bytes as words at any place. Calls for one buffer come in a row. */
  #viewOf(bytes: Buffer): DataView {
    if (this.#viewed !== bytes) {
      this.#viewed = bytes;
      this.#view = viewOf(bytes);
    }
    return this.#view;
  }

  #lengthenArena(bytes: number): void {
    const arena = Buffer.allocUnsafeSlow(bytes);
    this.#arena.copy(arena);
    this.#arena = arena;
    this.#arenaView = viewOf(arena);
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

  /** @param slots a power of 2 */
  #rehash(slots: number): void {
    this.#slots = new Int32Array(slots).fill(NOT_FOUND);
    for (let place = 0; place < this.#count; place += 1) {
      this.#slots[this.#freeSlot(this.#hashes[place] as number)] = place;
    }
  }
}

/** FNV-1a over words of 4 bytes, and the bytes that are left. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5 ^ (end - start);
  let i = start;
  for (; i + 4 <= end; i += 4) {
    hash = Math.imul(hash ^ wordAt(bytes, i), 0x01000193);
    // A product carries upwards only: what differs in the high bytes must reach the low bits.
    hash ^= hash >>> 15;
  }
  for (; i < end; i += 1) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  // The low bits choose the slot; names that end alike must not meet there.
  return (hash ^ (hash >>> 15)) >>> 0;
}

function wordAt(bytes: Buffer, at: number): number {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  return low | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
}

/** True for a name in which nothing needs a closer look: ASCII, and no pair of bytes that could lead out of its folder. */
export function isPlainName(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > LONGEST_NAME_BYTES || bytes[start + 1] === COLON) return false;
  let before: number = SLASH;
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i] as number;
    if (byte < SPACE || byte >= DELETE || byte === BACKSLASH) return false;
    if (before === SLASH && (byte === SLASH || byte === DOT)) return false;
    before = byte;
  }
  // An empty name too, as nothing stands before it.
  return before !== SLASH;
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
  let isAscii = true;
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i] as number;
    if (byte < SPACE || byte === DELETE) return 'It has a control character.';
    if (byte > DELETE) isAscii = false;
  }
  if (!isAscii && !isUtf8(bytes.subarray(start, end))) return 'It is no UTF-8.';
  const path = bytes.toString('utf8', start, end);
  // What else is no text lies beyond ASCII.
  return isAscii ? unsafeProblem(path) : pathProblem(path);
}

const UNSAFE_PATH = /(^|\/)\.\.?(\/|$)|^\/|^[A-Za-z]:|\/\/|\/$|^$/;

/** Why a text is no path below a folder; null where it is one. */
export function pathProblem(path: string): string | null {
  const problem = textProblem(path, LONGEST_NAME_BYTES);
  return problem === null ? unsafeProblem(path) : `A name ${problem}.`;
}

function unsafeProblem(path: string): string | null {
  return UNSAFE_PATH.test(path) ? `"${path}" is no path below the image folder.` : null;
}
