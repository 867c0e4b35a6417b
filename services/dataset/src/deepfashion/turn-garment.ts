import type { BoxConvention } from '../category.ts';
import { type Turn, turnBox, turnPoint } from '../images/turn.ts';
import { type GarmentTable, LANDMARK_VALUES } from './garment-table.ts';

/** Turns the corners and landmarks of an image into the pixels that are shown. */
export function turnGarment(
  { corners, landmarks }: GarmentTable,
  place: number,
  turn: Turn,
  convention: BoxConvention,
): void {
  const at = place * 4;
  // The right and bottom corner are the last pixel, or the border behind it.
  const last = convention === 'inclusive' ? 1 : 0;
  const [x1, y1, x2, y2] = corners.subarray(at, at + 4) as unknown as [
    number,
    number,
    number,
    number,
  ];
  const [x, y, width, height] = turnBox(turn, [x1, y1, x2 - x1 + last, y2 - y1 + last]);
  corners.set([x, y, x + width - last, y + height - last], at);
  if (landmarks === null) return;
  const start = place * LANDMARK_VALUES;
  for (let point = start; point < start + LANDMARK_VALUES; point += 3) {
    if (landmarks[point + 2] === 0) continue;
    const shown = turnPoint(turn, [landmarks[point] as number, landmarks[point + 1] as number]);
    landmarks.set(shown, point);
  }
}
