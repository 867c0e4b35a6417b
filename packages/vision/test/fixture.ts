import { readFileSync } from 'node:fs';
import type { Features, RgbImage } from '../src/index.ts';

/** A file of `fixtures/`; how it was made stands in `fixtures/make_fixtures.py`. */
export function fixture<T>(name: string): T {
  const url = new URL(`./fixtures/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as T;
}

/** The generator of the fixtures: s <- 1664525 s + 1013904223 mod 2^32, u = s / 2^32. */
function lcg(count: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

export function setA(count = 64): Features {
  return { values: lcg(64 * 8, 42).slice(0, count * 8), count, dimension: 8 };
}

export function setB(count = 64): Features {
  const values = lcg(64 * 8, 7).map((value, i) => value * 0.8 + (0.3 * (i % 8)) / 8);
  return { values: values.slice(0, count * 8), count, dimension: 8 };
}

/** A picture whose pixels are given by a function of their place. */
export function drawn(
  width: number,
  height: number,
  colorAt: (x: number, y: number) => readonly [number, number, number],
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colorAt(x, y), (y * width + x) * 3);
  }
  return { width, height, data };
}
