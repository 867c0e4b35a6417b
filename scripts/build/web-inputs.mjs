// What the page is made of, and whether the last build of it still stands.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from './files.mjs';
import { DIST, ROOT } from './places.mjs';
import { sameStamps, stampFiles } from './state.mjs';

const OWN_SCOPE = '@deepstyle/';

export function webFiles() {
  const manifest = 'packages/web/package.json';
  if (!existsSync(join(ROOT, manifest))) return [];
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, manifest), 'utf8'));
  const siblings = Object.keys({ ...dependencies, ...devDependencies })
    .filter((name) => name.startsWith(OWN_SCOPE))
    .map((name) => `packages/${name.slice(OWN_SCOPE.length)}/src`);
  return ['packages/web', ...siblings].flatMap(filesUnder).concat('pnpm-lock.yaml');
}

export function webIsFresh(last) {
  const files = webFiles();
  if (files.length === 0) return true;
  return (
    last !== undefined &&
    existsSync(join(DIST, 'web', 'index.html')) &&
    sameStamps(last.inputs, stampFiles(files))
  );
}
