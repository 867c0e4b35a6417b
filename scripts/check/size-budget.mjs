// No file may grow past what one reads in one sitting.
//
//   node scripts/check/size-budget.mjs     the table of the largest
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesUnder } from '../build/files.mjs';
import { ROOT } from '../build/places.mjs';

const LIMIT_LINES = 300;
const PLACES = ['packages', 'services', 'gateway', 'test', 'bench', 'scripts'];
const TABLE_ROWS = 12;

const isCounted = (path) =>
  /\.(ts|tsx|mjs)$/.test(path) && !/\.d\.ts$/.test(path) && !/(^|\/)(gen|fixtures)\//.test(path);

const lineCount = (path) => readFileSync(join(ROOT, path), 'utf8').trimEnd().split('\n').length;

function measure() {
  return PLACES.flatMap(filesUnder)
    .filter(isCounted)
    .map((path) => ({ path, lines: lineCount(path) }))
    .sort((left, right) => right.lines - left.lines);
}

const row = ({ path, lines }) =>
  `${lines > LIMIT_LINES ? 'OVER' : '    '} ${String(lines).padStart(5)}  ${path}`;

/** Fails where a file is over its limit, and shows the largest. */
export function sizeBudget() {
  const files = measure();
  const over = files.filter(({ lines }) => lines > LIMIT_LINES);
  if (over.length > 0) {
    return { failure: files.slice(0, Math.max(over.length, TABLE_ROWS)).map(row).join('\n') };
  }
  const [largest] = files;
  return largest === undefined
    ? {}
    : { note: `${files.length} files, the largest ${largest.lines} lines: ${largest.path}` };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(measure().slice(0, TABLE_ROWS).map(row).join('\n'));
}
