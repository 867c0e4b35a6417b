// Measures one thing against a peer: runs bench/NAME/main.ts, whose run(args) returns
// {peer, ratios, memory, ours, theirs}, each of the last four by case.
//
//   node scripts/bench.mjs NAME [ARGS...]     prints a table
//   node scripts/bench.mjs NAME --json        the table on stderr, and one object as the last line of stdout
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { foldersIn } from './build/files.mjs';
import { ROOT } from './build/places.mjs';

const [name, ...args] = process.argv.slice(2);
const names = foldersIn('bench').filter((each) => existsSync(join(ROOT, 'bench', each, 'main.ts')));
if (!names.includes(name)) {
  console.error(`Usage: bench NAME [--json]. There are: ${names.join(', ') || 'none yet'}`);
  process.exit(2);
}

function run(...command) {
  const { status, signal, error } = spawnSync(process.execPath, command, {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}

// Worker threads load built files.
run('scripts/build.mjs', '--quiet');
run(
  '--conditions=deepstyle:source',
  '--import',
  'tsx',
  '--expose-gc',
  '--no-warnings',
  'scripts/bench/report.mjs',
  name,
  ...args,
);
