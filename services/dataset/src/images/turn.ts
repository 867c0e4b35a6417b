import type { SeenImage } from '../image-slots.ts';

/** From the pixels of an image as they are stored to those that are shown. */
export interface Turn {
  /** EXIF's 1 to 8. */
  readonly orientation: number;
  /** Size as it is shown. */
  readonly width: number;
  readonly height: number;
}

export type Point = readonly [number, number];
type Box = [number, number, number, number];

/** Width, height as an image is shown. */
export function shownSize({ width, height, orientation }: SeenImage): [number, number] {
  return orientation >= 5 ? [height, width] : [width, height];
}

/** A point on the border between pixels. */
export function turnPoint({ orientation, width, height }: Turn, [x, y]: Point): Point {
  switch (orientation) {
    case 2:
      return [width - x, y];
    case 3:
      return [width - x, height - y];
    case 4:
      return [x, height - y];
    case 5:
      return [y, x];
    case 6:
      return [width - y, x];
    case 7:
      return [width - y, height - x];
    case 8:
      return [y, height - x];
    default:
      return [x, y];
  }
}

/** Left, top, width, height. */
export function turnBox(turn: Turn, [x, y, width, height]: Readonly<Box>): Box {
  const [x1, y1] = turnPoint(turn, [x, y]);
  const [x2, y2] = turnPoint(turn, [x + width, y + height]);
  return [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1)];
}
