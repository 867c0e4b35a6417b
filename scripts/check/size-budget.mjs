// No file may grow past what one reads in one sitting. Counted are lines of code: no blank lines, no comment lines.
//
//   node scripts/check/size-budget.mjs     the table of the largest
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesUnder } from '../build/files.mjs';
import { ROOT } from '../build/places.mjs';

const LIMIT_LINES = 300;
const LIMIT_TEST_LINES = 500;
const PLACES = ['packages', 'services', 'gateway', 'test', 'bench', 'scripts'];
const TABLE_ROWS = 12;

const isCounted = (path) =>
  /\.(ts|tsx|mjs)$/.test(path) && !/\.d\.ts$/.test(path) && !/(^|\/)(gen|fixtures)\//.test(path);
const isTest = (path) => /(^|\/)test\//.test(path);

function codeLines(path) {
  const text = readFileSync(join(ROOT, path), 'utf8');
  let inComment = false;
  let count = 0;
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (inComment) {
      inComment = !line.includes('*/');
    } else if (line.startsWith('/*')) {
      inComment = !line.includes('*/');
    } else if (line !== '' && !line.startsWith('//')) {
      count += 1;
    }
  }
  return count;
}

function measure() {
  return PLACES.flatMap(filesUnder)
    .filter(isCounted)
    .map((path) => ({
      path,
      lines: codeLines(path),
      limit: isTest(path) ? LIMIT_TEST_LINES : LIMIT_LINES,
    }))
    .sort((left, right) => right.lines / right.limit - left.lines / left.limit);
}

const row = ({ path, lines, limit }) =>
  `${lines > limit ? 'OVER' : '    '} ${String(lines).padStart(5)} of ${limit}  ${path}`;

/** Fails where a file is over its limit, and shows the largest. */
export function sizeBudget() {
  const files = measure();
  const over = files.filter(({ lines, limit }) => lines > limit);
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
