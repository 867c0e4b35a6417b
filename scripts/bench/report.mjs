// Runs one bench in a process of its own and reports what it measured. Started by scripts/bench.mjs.
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../build/places.mjs';

const COLUMNS = ['case', 'ours', 'theirs', 'ours is faster by'];

const cell = (value) => {
  if (value === undefined || value === null) return '-';
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

function table({ ratios = {}, ours = {}, theirs }) {
  const cases = [...new Set([...Object.keys(ours), ...Object.keys(ratios)])];
  const rows = cases.map((each) => [
    each,
    cell(ours[each]),
    cell(theirs?.[each]),
    each in ratios ? `${cell(ratios[each])} x` : '-',
  ]);
  const widths = COLUMNS.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const line = (row) =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]),
      )
      .join('  ');
  return [line(COLUMNS), ...rows.map(line)].join('\n');
}

function machine() {
  const [first] = cpus();
  return {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

const [name, ...args] = process.argv.slice(2);
const asJson = args.includes('--json');
const { run } = await import(pathToFileURL(join(ROOT, 'bench', name, 'main.ts')).href);
const measured = await run(args.filter((arg) => arg !== '--json'));
const { peer = null, ratios = {}, memory = {}, ours = {}, theirs = null, ...rest } = measured;
const report = { name, peer, ratios, memory, ours, theirs, machine: machine(), ...rest };

const say = asJson ? console.error : console.log;
say(
  `${name}: ours against ${cell(peer?.name ?? peer) === '-' ? 'no peer (it is not installed)' : cell(peer?.name ?? peer)}`,
);
say(table(report));
if (Object.keys(memory).length > 0) say(`memory: ${JSON.stringify(memory)}`);
if (asJson) console.log(JSON.stringify(report));
// A bench may leave a worker behind; its figures are out.
process.exit(0);
