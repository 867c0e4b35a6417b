import { at } from './host-tensor.ts';

/** Serializable position of a generator. */
export interface RandomState {
  readonly words: readonly [number, number, number, number];
}

/**
 * Seeded generator of the host: xoshiro128** (Blackman and Vigna, 2018), seeded through splitmix32.
 * The same seed gives the same numbers on every machine. Noise enters graphs as batch tensors drawn here.
 */
export interface Random {
  /** Standard normal numbers (Box-Muller). */
  normal(count: number): Float32Array;
  /** Uniform numbers in [low, high), by default [0, 1). */
  uniform(count: number, low?: number, high?: number): Float32Array;
  /** A whole number in [0, exclusiveMax), without modulo bias. */
  integer(exclusiveMax: number): number;
  /** A shuffled copy (Fisher-Yates). */
  shuffle<T extends ArrayLike<number>>(indices: T): number[];
  state(): RandomState;
}

const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

function seedWords(seed: number | string): Uint32Array {
  let hash = 0x811c9dc5;
  for (const character of String(seed)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  const words = new Uint32Array(4);
  for (let index = 0; index < 4; index++) {
    hash = (hash + 0x9e3779b9) | 0;
    let z = hash;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    words[index] = z ^ (z >>> 15);
  }
  return words;
}

function fromWords(words: Uint32Array): Random {
  let [a = 0, b = 0, c = 0, d = 0] = words;
  const next = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return result;
  };
  // 24 bits: exactly representable in float32, so that [low, high) keeps its open end.
  const unit = (): number => (next() >>> 8) / 0x1000000;
  return {
    normal(count) {
      const numbers = new Float32Array(count);
      for (let index = 0; index < count; index += 2) {
        const radius = Math.sqrt(-2 * Math.log(1 - unit()));
        const angle = 2 * Math.PI * unit();
        numbers[index] = radius * Math.cos(angle);
        if (index + 1 < count) numbers[index + 1] = radius * Math.sin(angle);
      }
      return numbers;
    },
    uniform(count, low = 0, high = 1) {
      return Float32Array.from({ length: count }, () => low + (high - low) * unit());
    },
    integer(exclusiveMax) {
      if (!Number.isInteger(exclusiveMax) || exclusiveMax < 1 || exclusiveMax > 2 ** 32) {
        throw new RangeError(`integer: exclusiveMax must be in [1, 2^32], got ${exclusiveMax}`);
      }
      const limit = 2 ** 32 - (2 ** 32 % exclusiveMax);
      let draw = next();
      while (draw >= limit) draw = next();
      return draw % exclusiveMax;
    },
    shuffle(indices) {
      const shuffled = Array.from(indices as ArrayLike<number>);
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = this.integer(last + 1);
        [shuffled[last], shuffled[other]] = [at(shuffled, other), at(shuffled, last)];
      }
      return shuffled;
    },
    state: () => ({ words: [a >>> 0, b >>> 0, c >>> 0, d >>> 0] }),
  };
}

export const createRandom = (seed: number | string): Random => fromWords(seedWords(seed));

/** Goes on where `state()` was taken. */
export const restoreRandom = (state: RandomState): Random =>
  fromWords(Uint32Array.from(state.words));
