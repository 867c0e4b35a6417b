import { SPLITS } from '../category.ts';
import type { IrregularityCode } from '../irregularities.ts';
import type { IrregularityReport } from '../irregularity-report.ts';
import { type ListFile, shown } from '../lists/list-file.ts';
import type { RowFields } from '../lists/row-fields.ts';
import type { CategoryList } from './category-list.ts';
import type { GarmentTable } from './garment-table.ts';

/** A row of a list that says something of one garment. */
export interface GarmentRow {
  readonly table: GarmentTable;
  readonly report: IrregularityReport;
  readonly file: ListFile;
  readonly fields: RowFields;
  /** Fields before it name the image: 1, or 0 in lists whose rows belong to images by their place. */
  readonly first: number;
  readonly place: number;
  readonly line: number;
}

/** Takes the garment's category: one field, its id. */
export function takeCategory(row: GarmentRow, { meaning }: CategoryList): void {
  const { table, fields, first, place } = row;
  const id = hasFields(row, 1) ? fields.integer(first) : Number.NaN;
  if (Number.isNaN(id)) {
    if (fields.count === first + 1) say(row, 'NOT_A_NUMBER', `"${shown(fields)}"`);
    return;
  }
  const meant = meaning[id] ?? 0;
  if (meant === 0) say(row, 'UNKNOWN_CATEGORY', `The list of categories has no ${id}.`);
  else if (meant !== id) say(row, 'MERGED_CATEGORY', `${id} counts as ${meant}.`);
  table.categories[place] = meant;
}

/** Takes the garment's box: x1, y1, x2, y2 in pixels. */
export function takeBox(row: GarmentRow): void {
  const { table, fields, first, place, line } = row;
  if (!hasFields(row, 4)) return;
  const { corners } = table;
  if (table.boxLines[place] !== 0) {
    let isSame = true;
    for (let i = 0; i < 4; i += 1) {
      isSame &&= corners[place * 4 + i] === fields.integer(first + i);
    }
    repeated(row, isSame, table.boxLines[place] as number);
    return;
  }
  for (let i = 0; i < 4; i += 1) {
    const corner = fields.integer(first + i);
    if (Number.isNaN(corner)) {
      say(row, 'NOT_A_NUMBER', `"${shown(fields)}"`);
      return;
    }
    corners[place * 4 + i] = corner;
  }
  table.boxLines[place] = line;
}

/** As the list has them; split i has the code i + 1. */
const SPLIT_TEXTS: readonly Buffer[] = SPLITS.map((split) => Buffer.from(split));

/** Takes the image's split: train, val or test. */
export function takeSplit(row: GarmentRow): void {
  const { table, fields, first, place } = row;
  if (!hasFields(row, 1)) return;
  const code = SPLIT_TEXTS.findIndex((text) => fields.isText(first, text)) + 1;
  if (code === 0) {
    say(row, 'UNKNOWN_SPLIT', `It is "${fields.text(first)}".`);
    return;
  }
  const before = table.splits[place] as number;
  if (before !== 0) repeated(row, before === code, null);
  else table.splits[place] = code;
}

/** Takes the image's size: width, height in pixels. */
export function takeSize(row: GarmentRow): void {
  const { table, fields, first, place } = row;
  if (!hasFields(row, 2)) return;
  const width = fields.integer(first);
  const height = fields.integer(first + 1);
  if (!(width > 0 && height > 0)) {
    say(row, 'NOT_A_NUMBER', `"${shown(fields)}" is no size.`);
    return;
  }
  const { sizes } = table;
  if (sizes[place * 2] !== 0) {
    repeated(row, sizes[place * 2] === width && sizes[place * 2 + 1] === height, null);
    return;
  }
  sizes[place * 2] = width;
  sizes[place * 2 + 1] = height;
}

/** False, and reported, where the row has another number of fields. */
function hasFields(row: GarmentRow, needed: number): boolean {
  const { fields, first } = row;
  if (fields.count === first + needed) return true;
  say(row, 'FIELD_COUNT', `${fields.count} fields, not ${first + needed}: "${shown(fields)}"`);
  return false;
}

function repeated(row: GarmentRow, isSame: boolean, before: number | null): void {
  const where = before === null ? 'an earlier line' : `line ${before}`;
  const name = row.table.names.text(row.place);
  say(row, isSame ? 'DUPLICATE_ROW' : 'CONFLICTING_ROW', `${name} is on ${where} too.`);
}

export function say(row: GarmentRow, code: IrregularityCode, detail: string): void {
  row.report.add(code, row.file.name, row.line, detail);
}
