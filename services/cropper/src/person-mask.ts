/** Which pixels of a photograph show people, and what of them a crop shows. Pure. */
import type { Box } from './crop.ts';

/** Of a whole photograph, squeezed into a square: how surely each pixel shows a person, in [0, 1]. */
export interface PersonMask {
  readonly side: number;
  /** [side, side] */
  readonly shares: Float32Array;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Less of a crop than this is no garment: the network saw the person elsewhere. */
const MIN_SHARE = 0.1;

/**
 * How much each pixel of a crop shows a person; null where hardly any does.
 * @param box of the crop, px of the photograph
 * @param crop its size as it is looked at
 */
export function weightsInCrop(
  { side, shares }: PersonMask,
  [left, top, right, bottom]: Box,
  photo: Size,
  crop: Size,
): Float32Array | null {
  const cell = (start: number, end: number, part: number, whole: number) =>
    Math.min(side - 1, Math.floor(((start + (end - start) * part) / whole) * side));
  const weights = Float32Array.from({ length: crop.width * crop.height }, (_, i) => {
    const across = ((i % crop.width) + 0.5) / crop.width;
    const down = (Math.floor(i / crop.width) + 0.5) / crop.height;
    const column = cell(left, right, across, photo.width);
    const row = cell(top, bottom, down, photo.height);
    return (shares[row * side + column] as number) >= 0.5 ? 1 : 0;
  });
  const shown = weights.reduce((sum, weight) => sum + weight, 0);
  return shown >= MIN_SHARE * weights.length ? weights : null;
}
