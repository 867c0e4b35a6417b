import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../build/places.mjs';
import { checkLicenses } from '../supply-chain/licenses.mjs';
import { eventBreaks, graphBreaks, protoBreaks } from './breaking-changes.mjs';
import { checkChart } from './chart.mjs';
import { sizeBudget } from './size-budget.mjs';

const BIN = join(ROOT, 'node_modules', '.bin');

/** Runs a command from the root; its output counts only where it fails. */
function command(name, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve(code === 0 ? {} : { failure: output || `ended with ${signal ?? code}` }),
    );
  });
}

const tool = (name, ...args) => command(join(BIN, name), args);
const SOURCES = ['packages', 'services', 'gateway', 'test', 'bench', 'scripts'];

/** In the order in which they are started: the longest first. */
export const STEPS = [
  {
    name: 'generate',
    // It brings generated files up to date, and the other steps read them.
    writes: true,
    run: () => command(process.execPath, ['scripts/generate.mjs', '--check']),
  },
  { name: 'types', run: () => tool('tsc', '-p', 'tsconfig.json') },
  {
    name: 'types of the page',
    run: () =>
      existsSync(join(ROOT, 'packages/web/tsconfig.json'))
        ? tool('tsc', '-p', 'packages/web/tsconfig.json', '--noEmit')
        : { note: 'no page yet' },
  },
  {
    name: 'boundaries',
    run: () =>
      tool(
        'depcruise',
        '--config',
        '.dependency-cruiser.mjs',
        '--output-type',
        'err-long',
        ...SOURCES,
      ),
  },
  {
    name: 'format and lint',
    run: () => tool('biome', 'check', '--error-on-warnings', '--max-diagnostics=100'),
  },
  { name: 'typed lint', run: () => tool('oxlint', '--type-aware') },
  { name: 'unused', run: () => tool('knip', '--no-progress', '--no-config-hints') },
  { name: 'proto lint', run: () => tool('buf', 'lint') },
  { name: 'proto breaking', run: () => protoBreaks(tool) },
  { name: 'events breaking', run: () => eventBreaks() },
  { name: 'graph breaking', run: () => graphBreaks() },
  { name: 'sizes', run: () => sizeBudget() },
  { name: 'licenses', run: () => checkLicenses() },
  { name: 'chart', run: () => checkChart() },
];
