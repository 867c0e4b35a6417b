// Makes the engine a package by itself, for use without this repository: a tarball with the code in one file, the worker
// beside it, and the types. Third-party packages stay outside. Needs pnpm's registry only for pnpm itself.
//
//   node packages/engine/scripts/pack.mjs [FOLDER]     writes FOLDER/deepstyle-engine-VERSION.tgz (default: here)
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const TSC = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
const DIST = resolve(PACKAGE, 'dist');
const folder = resolve(process.argv[2] ?? '.');

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: PACKAGE, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}`);
}

try {
  await build({
    absWorkingDir: PACKAGE,
    entryPoints: { index: 'src/index.ts', 'engine-worker': 'src/worker.ts' },
    outdir: DIST,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  run(process.execPath, [TSC, '--project', 'tsconfig.types.json']);
  run('npx', ['-y', 'pnpm@10', 'pack', '--pack-destination', folder]);
} finally {
  // Left here, it would be found before the worker of the repository's own build.
  rmSync(DIST, { recursive: true, force: true });
}
