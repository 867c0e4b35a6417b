import { createRandom } from '@deepstyle/vision';

/**
 * A drawing as a camera sees it: light that falls off to one side (at most 8 %) and noise of some levels.
 * @param data RGB, rows of `width` pixels
 */
export function photographed(data: Uint8Array, width: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  const height = data.length / 3 / width;
  const slopeX = ((random() - 0.5) * 0.16) / width;
  const slopeY = ((random() - 0.5) * 0.16) / height;
  const noise = 6 + random() * 8;
  const lit = new Uint8ClampedArray(data.length);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = 1 + slopeX * (x - width / 2) + slopeY * (y - height / 2);
      for (let channel = 0; channel < 3; channel++, at++) {
        lit[at] = (data[at] as number) * light + (random() - 0.5) * noise;
      }
    }
  }
  return new Uint8Array(lit.buffer);
}
