// What is bundled, and whether the last bundle still stands.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, foldersIn } from './files.mjs';
import { DIST, ROOT } from './places.mjs';
import { sameStamps, stampFiles } from './state.mjs';

/** Name of each built file -> its source. An entry whose source is not there is left out. */
export function entryPoints() {
  const entries = {
    deepstyle: 'packages/cli/src/main.ts',
    'engine-worker': 'packages/engine/src/worker.ts',
    'pglite-worker': 'packages/storage/src/database/pglite-worker.ts',
    'scraper-parser': 'services/scraper/src/parser/worker.ts',
    'photo-inspector': 'services/scraper/src/inspector/worker.ts',
    'dataset-reader': 'services/dataset/src/reader/worker.ts',
    gateway: 'gateway/src/main.ts',
  };
  for (const service of foldersIn('services')) entries[service] = `services/${service}/src/main.ts`;
  return Object.fromEntries(
    Object.entries(entries).filter(([, source]) => existsSync(join(ROOT, source))),
  );
}

/** What decides over a bundle besides its sources: this script, and where third-party packages are. */
export function bundleSettings() {
  const manifests = ['packages', 'services'].flatMap((folder) =>
    foldersIn(folder).map((name) => `${folder}/${name}/package.json`),
  );
  return [
    ...filesUnder('scripts/build'),
    ...manifests,
    'gateway/package.json',
    'tsconfig.json',
    'pnpm-lock.yaml',
    'node_modules/.modules.yaml',
  ];
}

export function bundleIsFresh(last) {
  return (
    last !== undefined &&
    JSON.stringify(last.entries) === JSON.stringify(entryPoints()) &&
    Object.keys(last.entries).every((name) => existsSync(join(DIST, `${name}.js`))) &&
    sameStamps(last.inputs, stampFiles([...Object.keys(last.inputs), ...bundleSettings()]))
  );
}
