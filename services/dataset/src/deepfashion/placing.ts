import type { IrregularityReport } from '../irregularity-report.ts';
import type { ListFile } from '../lists/list-file.ts';
import { isPlainName, nameProblem, straightenSlashes } from '../lists/name-table.ts';
import type { RowFields } from '../lists/row-fields.ts';
import type { GarmentTable } from './garment-table.ts';

/** The place of the image that a row's first field names, or -1, which has then been reported. */
export function placeOfNamed(
  table: GarmentTable,
  fields: RowFields,
  file: ListFile,
  line: number,
  report: IrregularityReport,
): number {
  if (fields.isFirstKnown) return table.names.takeExpected();
  const { bytes } = fields;
  const start = fields.start(0);
  const end = fields.end(0);
  const place = table.names.find(bytes, start, end);
  if (place >= 0) return place;
  if (straightenSlashes(bytes, start, end)) {
    report.add('BACKSLASH', file.name, line, fields.text(0));
    const straight = table.names.find(bytes, start, end);
    if (straight >= 0) return straight;
  }
  const name = fields.text(0);
  const similar = table.names.findSimilar(name);
  if (similar >= 0) {
    report.add('NAME_CASE', file.name, line, `"${name}" is "${table.names.text(similar)}".`);
    return similar;
  }
  report.add('ORPHAN_ROW', file.name, line, `"${name}" is not in the list of images.`);
  return -1;
}

/**
 * Adds the image that a field names. -1 where it is none or there already, which has then been reported; `isSame` says
 * whether the row then says the same as the earlier one.
 */
export function addNamed(
  table: GarmentTable,
  fields: RowFields,
  file: ListFile,
  line: number,
  report: IrregularityReport,
  isSame: (fields: RowFields, place: number) => boolean,
): number {
  const { bytes } = fields;
  const start = fields.start(0);
  const end = fields.end(0);
  const isPlain = isPlainName(bytes, start, end);
  if (!isPlain && straightenSlashes(bytes, start, end)) {
    report.add('BACKSLASH', file.name, line, fields.text(0));
  }
  const known = table.names.find(bytes, start, end);
  if (known >= 0) {
    const code = isSame(fields, known) ? 'DUPLICATE_ROW' : 'CONFLICTING_ROW';
    report.add(code, file.name, line, `${fields.text(0)} is on line ${table.lines[known]} too.`);
    return -1;
  }
  const problem = isPlain ? null : nameProblem(bytes, start, end);
  if (problem === null) return table.add(bytes, start, end, line);
  report.add('INVALID_NAME', file.name, line, problem);
  return -1;
}
