// Files that code finds at run time by assetPath(): they keep their path from the root, below dist/.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyInPlace, filesUnder, foldersIn } from './files.mjs';
import { DIST, ROOT } from './places.mjs';
import { CLOCK_GRAIN_MS, sameStamps, stampFiles } from './state.mjs';

function assetFiles() {
  const ofServices = foldersIn('services').flatMap((service) => [
    ...filesUnder(`services/${service}/migrations`),
    `services/${service}/schema.graphql`,
  ]);
  const ofGraph = [
    ...filesUnder('packages/service/src/graph').filter((path) => path.endsWith('.graphql')),
    'gateway/schema.graphql',
    'gateway/supergraph.graphql',
  ];
  const all = [...ofServices, ...filesUnder('proto'), ...ofGraph];
  return all.filter((path) => existsSync(join(ROOT, path)));
}

export function assetsAreFresh(last) {
  return (
    last !== undefined &&
    sameStamps(last.inputs, stampFiles(assetFiles())) &&
    Object.keys(last.inputs).every((path) => existsSync(join(DIST, path)))
  );
}

/** Copies what changed since `last` and removes what is gone. */
export function copyAssets(last) {
  const startedAt = Date.now() - CLOCK_GRAIN_MS;
  const files = assetFiles();
  for (const path of files) copyInPlace(join(ROOT, path), join(DIST, path));
  for (const path of Object.keys(last?.inputs ?? {})) {
    if (!files.includes(path)) rmSync(join(DIST, path), { force: true });
  }
  return { inputs: stampFiles(files, startedAt) };
}
