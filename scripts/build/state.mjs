// What the last build was made of: dist/.build.json, one part each for the bundle, the assets and the page.
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIST, ROOT } from './places.mjs';

// A file's time may lie this far behind the clock that Date.now() reads.
export const CLOCK_GRAIN_MS = 20;

const STATE = join(DIST, '.build.json');

export function readState() {
  try {
    return JSON.parse(readFileSync(STATE, 'utf8'));
  } catch {
    return {};
  }
}

export function writeState(state) {
  const written = `${STATE}.${process.pid}`;
  writeFileSync(written, JSON.stringify(state));
  renameSync(written, STATE);
}

/**
 * Modification time and size of each file, by its path from the root; `null` for a file that is not there.
 * A file changed after `before` (ms since the epoch) counts as not seen: nobody knows which version was read.
 */
export function stampFiles(paths, before = Number.POSITIVE_INFINITY) {
  const stamps = {};
  for (const path of [...new Set(paths)].sort()) {
    const found = statSync(join(ROOT, path), { throwIfNoEntry: false });
    if (found === undefined) stamps[path] = null;
    else stamps[path] = found.mtimeMs < before ? `${found.mtimeMs} ${found.size}` : 'changing';
  }
  return stamps;
}

/** Whether two sets of stamps name the same files in the same state. */
export function sameStamps(left, right) {
  return JSON.stringify(left) === JSON.stringify(right);
}
