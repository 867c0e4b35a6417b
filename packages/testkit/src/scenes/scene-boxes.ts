import type { CocoBox } from '@deepstyle/vision';

/** What can be seen of a garment. */
export interface Visible {
  /** Tight: [left, top, width, height], whole px. */
  readonly box: CocoBox;
  /** Pixels that show it. */
  readonly pixels: number;
}

/**
 * Reads the mask of a scene: for each garment what can be seen, undefined where nothing.
 * @param data RGB, rows of `width` pixels; a garment's pixels are exactly (0, 0, id), ids from 1
 */
export function visibleParts(
  data: Uint8Array,
  width: number,
  garments: number,
): (Visible | undefined)[] {
  const left = new Int32Array(garments + 1).fill(width);
  const right = new Int32Array(garments + 1).fill(-1);
  const top = new Int32Array(garments + 1).fill(-1);
  const bottom = new Int32Array(garments + 1);
  const pixels = new Int32Array(garments + 1);
  for (let at = 2, i = 0; at < data.length; at += 3, i++) {
    const id = data[at] as number;
    if (id === 0 || id > garments) continue;
    const x = i % width;
    const y = (i - x) / width;
    if (x < (left[id] as number)) left[id] = x;
    if (x > (right[id] as number)) right[id] = x;
    if (top[id] === -1) top[id] = y;
    bottom[id] = y;
    pixels[id] = (pixels[id] as number) + 1;
  }
  return Array.from({ length: garments }, (_, i) => {
    const id = i + 1;
    if (pixels[id] === 0) return undefined;
    const [x, y] = [left[id] as number, top[id] as number];
    const box = [x, y, (right[id] as number) + 1 - x, (bottom[id] as number) + 1 - y] as const;
    return { box, pixels: pixels[id] as number };
  });
}
