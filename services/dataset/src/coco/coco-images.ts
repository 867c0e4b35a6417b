import { SPLITS, type Split } from '../category.ts';
import type { IrregularityCode } from '../irregularities.ts';
import { pathProblem } from '../lists/name-table.ts';

/** Reports what is irregular about the row at hand. */
export type Say = (code: IrregularityCode, detail: string) => void;

export type JsonRow = Readonly<Record<string, unknown>>;

/** An image of a COCO file; width and height are 0 until they are known. */
export interface CocoImageRow {
  id: number;
  readonly fileName: string;
  width: number;
  height: number;
  readonly split: Split | null;
  readonly file: string;
  readonly line: number;
}

export function asRow(value: unknown): JsonRow | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonRow)
    : null;
}

/** An image as it is meant, but for its id; null where nothing can be made of it. */
export function imageOf(
  value: unknown,
  split: Split | null,
  say: Say,
): Pick<CocoImageRow, 'fileName' | 'width' | 'height' | 'split'> | null {
  const row = asRow(value);
  if (row === null || typeof row.file_name !== 'string') {
    say('FIELD_MISSING', `file_name is ${shownValue(row?.file_name)}.`);
    return null;
  }
  const fileName = row.file_name.replaceAll('\\', '/');
  if (fileName !== row.file_name) say('BACKSLASH', row.file_name);
  const problem = pathProblem(fileName);
  if (problem !== null) {
    say('INVALID_NAME', problem);
    return null;
  }
  const { width, height } = row;
  const isSized = isPixels(width) && isPixels(height);
  if (!isSized && (width !== undefined || height !== undefined)) {
    say('SIZE_DISAGREES', `${shownValue(width)} x ${shownValue(height)} is no size.`);
  }
  return {
    fileName,
    width: isSized ? width : 0,
    height: isSized ? height : 0,
    split: split ?? splitOf(row.split),
  };
}

function splitOf(value: unknown): Split | null {
  return SPLITS.find((split) => split === value) ?? null;
}

function isPixels(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31;
}

/** A value for a message: not longer than a line. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
