// Builds the page into dist/web with the Vite of packages/web.
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DIST, ROOT } from './places.mjs';
import { CLOCK_GRAIN_MS, stampFiles } from './state.mjs';
import { webFiles } from './web-inputs.mjs';

export function buildWeb() {
  const startedAt = Date.now() - CLOCK_GRAIN_MS;
  const home = join(ROOT, 'packages/web');
  const vite = join(home, 'node_modules/vite/bin/vite.js');
  if (!existsSync(vite))
    throw new Error('packages/web needs vite, which is not installed: pnpm install');
  const made = join(DIST, `.web-new-${process.pid}`);
  const place = join(DIST, 'web');
  const old = join(DIST, `.web-old-${process.pid}`);
  try {
    const { status, error, stdout, stderr } = spawnSync(
      process.execPath,
      [vite, 'build', '--outDir', made, '--emptyOutDir', '--logLevel', 'warn'],
      { cwd: home, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`The page does not build:\n${error ?? stdout + stderr}`);
    if (existsSync(place)) renameSync(place, old);
    renameSync(made, place);
  } finally {
    for (const folder of [made, old]) rmSync(folder, { recursive: true, force: true });
  }
  return { inputs: stampFiles(webFiles(), startedAt) };
}
