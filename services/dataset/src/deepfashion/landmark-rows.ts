import type { CategoryType } from '@deepstyle/contracts';
import { type GarmentRow, say } from './garment-rows.ts';
import { LANDMARK_VALUES } from './garment-table.ts';

/** Which of LANDMARK_NAMES the garments of a type have, in the order of their rows. */
const POINTS_OF_TYPE: Readonly<Record<CategoryType, readonly number[]>> = {
  upper: [0, 1, 2, 3, 6, 7],
  lower: [4, 5, 6, 7],
  full: [0, 1, 2, 3, 4, 5, 6, 7],
  other: [],
};
const TYPE_OF_NUMBER: readonly (CategoryType | undefined)[] = [undefined, 'upper', 'lower', 'full'];
/** DeepFashion's 0 visible, 1 occluded, 2 outside the picture -> COCO's 2 visible, 1 hidden, 0 not labelled. */
const COCO_VISIBILITY = [2, 1, 0] as const;
const BARE_VALUES = 16;
const FAR_PX = 32_000;

/**
 * Takes the landmarks of a named row: clothes type, in some copies the variation type, then visibility, x, y of each
 * point. Rows are as long as their type has points.
 */
export function takeLandmarks(row: GarmentRow, typeOfCategory: (id: number) => CategoryType): void {
  const { fields, first, table, place } = row;
  const type = TYPE_OF_NUMBER[fields.integer(first)] ?? 'other';
  const points = POINTS_OF_TYPE[type];
  const values = points.length * 3;
  const from = fields.count - values;
  // One field more is the variation type, which the documentation has and most copies have not.
  if (points.length === 0 || from < first + 1 || from > first + 2) {
    const found = fields.count - first - 1;
    say(row, 'LANDMARK_COUNT', `${found} values do not fit the clothes type "${typeText(row)}".`);
    return;
  }
  const category = table.categories[place] as number;
  if (category !== 0 && typeOfCategory(category) !== type) {
    say(row, 'TYPE_DISAGREES', `It says ${type}, its category ${typeOfCategory(category)}.`);
  }
  if (isRepeated(row)) return;
  for (let i = 0; i < points.length; i += 1) {
    const at = from + i * 3;
    const point = points[i] as number;
    const said = COCO_VISIBILITY[fields.integer(at)];
    if (said === undefined) say(row, 'LANDMARK_VISIBILITY', `It is "${fields.text(at)}".`);
    setPoint(row, point, fields.integer(at + 1), fields.integer(at + 2), said ?? 0);
  }
}

/**
 * Takes the landmarks of a row without names: 16 values, x and y of each point of the garment's type, then zeros. A
 * point at 0, 0 is not labelled.
 */
export function takeBareLandmarks(
  row: GarmentRow,
  typeOfCategory: (id: number) => CategoryType,
): void {
  const { fields, first, table, place } = row;
  if (fields.count !== first + BARE_VALUES) {
    say(row, 'LANDMARK_COUNT', `${fields.count - first} values, not ${BARE_VALUES}.`);
    return;
  }
  const category = table.categories[place] as number;
  const points = POINTS_OF_TYPE[category === 0 ? 'other' : typeOfCategory(category)];
  if (isRepeated(row)) return;
  for (let i = 0; i < points.length; i += 1) {
    const point = points[i] as number;
    const x = fields.integer(first + i * 2);
    const y = fields.integer(first + i * 2 + 1);
    setPoint(row, point, x, y, x === 0 && y === 0 ? 0 : 2);
  }
}

function isRepeated(row: GarmentRow): boolean {
  const { table, place, line } = row;
  table.landmarkColumn();
  const before = table.landmarkLines[place];
  if (before !== 0) {
    say(row, 'CONFLICTING_ROW', `Line ${before} is of it too.`);
    return true;
  }
  table.landmarkLines[place] = line;
  return false;
}

function setPoint(row: GarmentRow, point: number, x: number, y: number, visibility: number): void {
  const landmarks = row.table.landmarkColumn();
  const at = row.place * LANDMARK_VALUES + point * 3;
  if (visibility === 0) return;
  if (Number.isNaN(x) || Number.isNaN(y)) {
    say(row, 'LANDMARK_VISIBILITY', 'A coordinate is no whole number.');
    return;
  }
  landmarks[at] = bounded(x);
  landmarks[at + 1] = bounded(y);
  landmarks[at + 2] = visibility;
}

/** The column holds 16 bits; what is that far out lies outside every image and is reported as such. */
function bounded(value: number): number {
  return Math.max(-FAR_PX, Math.min(FAR_PX, value));
}

function typeText({ fields, first }: GarmentRow): string {
  return fields.count > first ? fields.text(first) : '';
}
