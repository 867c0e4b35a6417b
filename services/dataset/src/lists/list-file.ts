import { stat } from 'node:fs/promises';
import type { IrregularityReport } from '../irregularity-report.ts';
import { type LineFacts, readLines } from './line-reader.ts';
import { RowFields } from './row-fields.ts';

/** A text file of a dataset. */
export interface ListFile {
  readonly path: string;
  /** As irregularities name it: the path from the dataset's folder. */
  readonly name: string;
}

export interface ListReading {
  readonly report: IrregularityReport;
  readonly signal?: AbortSignal | undefined;
  /** Told now and then of the list that is being read and its rows so far. */
  readonly onProgress?: ((list: string, rows: number) => void) | undefined;
}

/** Called with each row, which is valid during the call only. `row` counts from 0, `line` from 1. */
export type OnRow = (fields: RowFields, line: number, row: number) => void;

/** How rows are taken apart. */
export interface RowOptions {
  /** Fields that are told apart; for rows of a thousand numbers. */
  readonly mostFields?: number;
  /** Where the first field ends, if the row at `start` begins with the expected one; else -1. */
  readonly firstFieldEnd?: (bytes: Buffer, start: number) => number;
  /** Told of the rows that the heading promises and the bytes of the file, before the first row; never of more than fit. */
  readonly onPromise?: (rows: number, bytes: number) => void;
}

/** Rows are rarely shorter; a list of such ones makes room as it goes. */
const SHORTEST_ROW_BYTES = 16;
const COLUMN_NAMES = /^(image|category|attribute|item)_/i;
const ROWS_PER_PROGRESS = 8192;

/**
 * Reads a list with its two lines of heading: the number of rows, then the names of the columns. Either may be missing.
 *
 * @throws LineTooLongError, IrregularDatasetError in strict mode, what the file system throws
 */
export async function readList(
  file: ListFile,
  reading: ListReading,
  onRow: OnRow,
  rowOptions: RowOptions = {},
): Promise<void> {
  const { report } = reading;
  const bytes = (await stat(file.path)).size;
  const heading: Heading = { expects: 'count', promised: null };
  const take: TakeRow = (fields, line, row) => {
    if (heading.expects === 'count') {
      heading.expects = 'names';
      const promised = fields.count === 1 ? fields.integer(0) : Number.NaN;
      if (promised >= 0) {
        heading.promised = promised;
        rowOptions.onPromise?.(Math.min(promised, Math.ceil(bytes / SHORTEST_ROW_BYTES)), bytes);
        return true;
      }
      report.add('NO_ROW_COUNT', file.name, line, `It begins with "${shown(fields)}".`);
    }
    if (heading.expects === 'names') {
      heading.expects = 'rows';
      if (COLUMN_NAMES.test(fields.text(0))) return true;
      report.add('NO_COLUMN_NAMES', file.name, line, `It reads "${shown(fields)}".`);
    }
    onRow(fields, line, row);
    return false;
  };
  const rows = await readRows(file, reading, take, rowOptions);
  const { promised } = heading;
  if (promised !== null && promised !== rows) {
    report.add('ROW_COUNT', file.name, 1, `It says ${promised}, and there are ${rows} rows.`);
  }
}

interface Heading {
  /** What the next line may be. */
  expects: 'count' | 'names' | 'rows';
  /** Rows that the first line says; null where it says none. */
  promised: number | null;
}

/** Reads a list that has no heading, whose rows belong to images by their place. Returns the number of rows. */
export function readBareList(
  file: ListFile,
  reading: ListReading,
  onRow: OnRow,
  rowOptions: RowOptions = {},
): Promise<number> {
  const take: TakeRow = (fields, line, row) => {
    onRow(fields, line, row);
    return false;
  };
  return readRows(file, reading, take, rowOptions);
}

/** Says whether a line was heading. */
type TakeRow = (fields: RowFields, line: number, row: number) => boolean;

/** Returns the number of rows. */
async function readRows(
  file: ListFile,
  { report, signal, onProgress }: ListReading,
  take: TakeRow,
  { mostFields, firstFieldEnd }: RowOptions,
): Promise<number> {
  const fields = new RowFields(mostFields);
  let row = 0;
  let emptyFrom: number | null = null;
  const facts = await readLines(
    file.path,
    (bytes, start, end, line) => {
      const feed = fields.read(bytes, start, end, firstFieldEnd?.(bytes, start));
      // Empty lines at the end are usual; only one before a row is a row that lacks.
      if (fields.count === 0) {
        emptyFrom ??= line;
        return feed;
      }
      if (emptyFrom !== null) {
        const count = line - emptyFrom;
        report.addRows('EMPTY_ROW', file.name, emptyFrom, count, 'It is empty.');
        row += count;
        emptyFrom = null;
      }
      if (take(fields, line, row)) return feed;
      row += 1;
      if (row % ROWS_PER_PROGRESS === 0) onProgress?.(file.name, row);
      return feed;
    },
    signal,
  );
  reportFacts(file, facts, report);
  return row;
}

function reportFacts(file: ListFile, facts: LineFacts, report: IrregularityReport): void {
  const { hasByteOrderMark, windowsEndAt } = facts;
  if (hasByteOrderMark) report.add('BYTE_ORDER_MARK', file.name, 1, 'It was skipped.');
  if (windowsEndAt !== null) {
    report.add('WINDOWS_LINE_END', file.name, windowsEndAt, 'This is the first such line.');
  }
}

/** A row for a message: not longer than a line. */
export function shown(fields: RowFields): string {
  const text = fields.textOf(0, Math.min(fields.count, 12));
  return text.length > 80 || fields.count > 12 ? `${text.slice(0, 80)}...` : text;
}
