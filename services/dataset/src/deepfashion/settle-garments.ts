import type { BoxConvention } from '../category.ts';
import type { IrregularityReport } from '../irregularity-report.ts';
import { type GarmentTable, LANDMARK_VALUES } from './garment-table.ts';

/** How irregularities name the lists. */
export interface ListNames {
  readonly images: string;
  readonly boxes: string;
  readonly landmarks: string;
}

/**
 * Once the sizes are known: turns corners into boxes inside their images, and decides which images stay. One without
 * category, box or size is left out, as its garment would pass for background.
 *
 * @throws IrregularDatasetError in strict mode
 */
export function settleGarments(
  table: GarmentTable,
  convention: BoxConvention,
  names: ListNames,
  report: IrregularityReport,
): void {
  for (let place = 0; place < table.count; place += 1) {
    if (!isComplete(table, place, names, report)) continue;
    if (!settleBox(table, place, convention, names.boxes, report)) continue;
    if (table.splits[place] === 0) {
      report.add('NO_SPLIT', names.images, lineOf(table, place), table.names.text(place));
    }
    if (table.landmarks !== null) settleLandmarks(table, place, names.landmarks, report);
  }
}

function isComplete(
  table: GarmentTable,
  place: number,
  names: ListNames,
  report: IrregularityReport,
): boolean {
  const code = lacking(table, place);
  if (code === null) return true;
  report.add(code, names.images, lineOf(table, place), table.names.text(place));
  return false;
}

function lacking(
  table: GarmentTable,
  place: number,
): 'NO_CATEGORY' | 'NO_BOX' | 'SIZE_UNKNOWN' | null {
  if (table.categories[place] === 0) return 'NO_CATEGORY';
  if (table.boxLines[place] === 0) return 'NO_BOX';
  return table.sizes[place * 2] === 0 ? 'SIZE_UNKNOWN' : null;
}

function settleBox(
  table: GarmentTable,
  place: number,
  convention: BoxConvention,
  file: string,
  report: IrregularityReport,
): boolean {
  const { corners, sizes, boxes } = table;
  const at = place * 4;
  const imageWidth = sizes[place * 2] as number;
  const imageHeight = sizes[place * 2 + 1] as number;
  const x1 = corners[at] as number;
  const y1 = corners[at + 1] as number;
  const x2 = corners[at + 2] as number;
  const y2 = corners[at + 3] as number;
  // The right and bottom corner are the last pixel, or the border behind it.
  const last = convention === 'inclusive' ? 1 : 0;
  const left = Math.max(0, x1);
  const top = Math.max(0, y1);
  const right = Math.min(imageWidth - last, x2);
  const bottom = Math.min(imageHeight - last, y2);
  const width = right - left + last;
  const height = bottom - top + last;
  if (width <= 0 || height <= 0) {
    report.add('BOX_EMPTY', file, table.boxLines[place] as number, foundBox(table, place));
    return false;
  }
  if (left !== x1 || top !== y1 || right !== x2 || bottom !== y2) {
    report.add('BOX_OUTSIDE', file, table.boxLines[place] as number, foundBox(table, place));
  }
  boxes[at] = left;
  boxes[at + 1] = top;
  boxes[at + 2] = width;
  boxes[at + 3] = height;
  return true;
}

function foundBox({ corners, sizes }: GarmentTable, place: number): string {
  const box = corners.subarray(place * 4, place * 4 + 4).join(' ');
  return `${box} in an image of ${sizes.subarray(place * 2, place * 2 + 2).join(' x ')}.`;
}

function settleLandmarks(
  table: GarmentTable,
  place: number,
  file: string,
  report: IrregularityReport,
): void {
  const landmarks = table.landmarkColumn();
  const width = table.sizes[place * 2] as number;
  const height = table.sizes[place * 2 + 1] as number;
  const start = place * LANDMARK_VALUES;
  for (let at = start; at < start + LANDMARK_VALUES; at += 3) {
    if (landmarks[at + 2] === 0) continue;
    const x = landmarks[at] as number;
    const y = landmarks[at + 1] as number;
    if (x >= 0 && y >= 0 && x <= width && y <= height) continue;
    const line = table.landmarkLines[place] as number;
    report.add('LANDMARK_OUTSIDE', file, line, `${x}, ${y} in ${width} x ${height}.`);
    landmarks.fill(0, at, at + 3);
  }
}

function lineOf(table: GarmentTable, place: number): number {
  return table.lines[place] as number;
}
