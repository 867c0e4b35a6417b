// Builds what runs from built files: the command line, one entry per service, the worker threads, the page, and the
// files that code finds at run time. Does nothing where no input changed, so that every command can call it first.
//
//   node scripts/build.mjs            everything that changed
//   node scripts/build.mjs NAME...    these entries only, always
//   --quiet                           says nothing unless it fails
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assetsAreFresh, copyAssets } from './build/assets.mjs';
import { bundleIsFresh, entryPoints } from './build/entries.mjs';
import { withBuildLock } from './build/lock.mjs';
import { DIST } from './build/places.mjs';
import { readState, writeState } from './build/state.mjs';
import { webIsFresh } from './build/web-inputs.mjs';

const MARK = join(DIST, 'deepstyle-dist.json');

/** The parts of the build that are out of date. */
function staleParts(state) {
  const parts = [];
  if (!bundleIsFresh(state.bundle)) parts.push('bundle');
  if (!assetsAreFresh(state.assets)) parts.push('assets');
  if (!webIsFresh(state.web)) parts.push('web');
  if (!existsSync(MARK)) parts.push('mark');
  return parts;
}

async function buildStaleParts(state) {
  const stale = staleParts(state);
  if (stale.includes('mark')) {
    writeFileSync(MARK, `${JSON.stringify({ name: 'deepstyle' })}\n`);
  }
  if (stale.includes('assets')) {
    writeState({ ...readState(), assets: copyAssets(state.assets) });
  }
  if (stale.includes('bundle')) {
    const { bundle } = await import('./build/bundle.mjs');
    writeState({ ...readState(), bundle: await bundle(entryPoints()) });
  }
  if (stale.includes('web')) {
    const { buildWeb } = await import('./build/web.mjs');
    writeState({ ...readState(), web: buildWeb() });
  }
  return stale;
}

async function buildNamed(names) {
  const known = entryPoints();
  const unknown = names.filter((name) => !(name in known));
  if (unknown.length > 0) {
    throw new Error(
      `No such entry: ${unknown.join(', ')}. There are: ${Object.keys(known).join(', ')}`,
    );
  }
  const { bundle } = await import('./build/bundle.mjs');
  await bundle(Object.fromEntries(names.map((name) => [name, known[name]])));
  return names;
}

async function main(args) {
  const startedAt = performance.now();
  const names = args.filter((arg) => !arg.startsWith('--'));
  mkdirSync(DIST, { recursive: true });
  let built = [];
  if (names.length > 0) built = await withBuildLock(() => buildNamed(names));
  // Looked at once without the lock: the usual case must cost nothing.
  else if (staleParts(readState()).length > 0) {
    built = await withBuildLock(() => buildStaleParts(readState()));
  }
  if (args.includes('--quiet')) return;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
  console.log(built.length > 0 ? `built ${built.join(', ')} in ${seconds} s` : 'nothing to build');
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
