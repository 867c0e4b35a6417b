/** Where the label of a box goes. Pure. */
import type { RgbImage } from '../image.ts';
import { common, type Rectangle } from './raster.ts';

export interface LabelSize {
  readonly width: number;
  readonly height: number;
}

/**
 * A place of the label in the picture that touches no label placed before: above the box, else in it, else below it; where
 * there is none, the one that hides the least of the others.
 *
 * @param inset thickness of the frame, whole px
 */
export function labelPlace(
  image: Pick<RgbImage, 'width' | 'height'>,
  box: Rectangle,
  size: LabelSize,
  inset: number,
  others: readonly Rectangle[],
): Rectangle {
  const places = placesAround(box, size, inset).map((place) => movedInside(image, place));
  let best = places[0] as Rectangle;
  let leastHidden = Number.POSITIVE_INFINITY;
  for (const place of places) {
    const hidden = others.reduce((sum, other) => sum + areaOf(common(place, other)), 0);
    if (hidden < leastHidden) {
      best = place;
      leastHidden = hidden;
    }
  }
  return best;
}

function placesAround(
  [left, top, right, bottom]: Rectangle,
  { width, height }: LabelSize,
  inset: number,
): Rectangle[] {
  const at = (x: number, y: number): Rectangle => [x, y, x + width, y + height];
  const farLeft = right - width;
  const [low, high] = [bottom - height, top - height];
  return [
    at(left, high),
    at(farLeft, high),
    at(left + inset, top + inset),
    at(farLeft - inset, top + inset),
    at(left, bottom),
    at(farLeft, bottom),
    at(left + inset, low - inset),
    at(farLeft - inset, low - inset),
    at(left + inset, Math.round((top + low) / 2)),
  ];
}

function movedInside(
  { width, height }: Pick<RgbImage, 'width' | 'height'>,
  [left, top, right, bottom]: Rectangle,
): Rectangle {
  const across = Math.max(0, Math.min(left, width - (right - left))) - left;
  const down = Math.max(0, Math.min(top, height - (bottom - top))) - top;
  return [left + across, top + down, right + across, bottom + down];
}

function areaOf([left, top, right, bottom]: Rectangle): number {
  return (right - left) * (bottom - top);
}
