// Bundles the entries: the house's own packages are inlined from their sources, third-party packages stay modules of
// their own, because some are native and some patch others by name.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, formatMessages } from 'esbuild';
import { bundleSettings } from './entries.mjs';
import { linkDependencies } from './links.mjs';
import { DIST, ROOT } from './places.mjs';
import { CLOCK_GRAIN_MS, stampFiles } from './state.mjs';

const OWN_SCOPE = '@deepstyle/';
// A process that runs from an older build may still load one of its chunks.
const KEEP_OLD_CHUNKS_MS = 24 * 3600 * 1000;

const inlineOwnPackages = {
  name: 'inline-own-packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      // No answer means that esbuild resolves it by the package's exports, under the source condition.
      kind === 'entry-point' || path.startsWith(OWN_SCOPE) ? undefined : { path, external: true },
    );
  },
};

/** @param plugins look at a source before it is built, e.g. to change it */
export async function esbuildInto(folder, entries, plugins = []) {
  try {
    return await build({
      absWorkingDir: ROOT,
      entryPoints: entries,
      outdir: folder,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      conditions: ['deepstyle:source'],
      chunkNames: 'chunks/[name]-[hash]',
      sourcemap: 'linked',
      sourcesContent: false,
      charset: 'utf8',
      metafile: true,
      logLevel: 'silent',
      plugins: [inlineOwnPackages, ...plugins],
    });
  } catch (error) {
    if (error.errors === undefined) throw error;
    const lines = await formatMessages(error.errors, {
      kind: 'error',
      color: process.stderr.isTTY === true,
      terminalWidth: 120,
    });
    throw new Error(lines.join('\n').trimEnd());
  }
}

/** Chunks first, then what loads them, so that every file in dist/ finds what it imports at any moment. */
function moveIntoPlace(folder, outputs) {
  const isEntry = (path) => dirname(path) === folder;
  const paths = outputs.map((path) => join(ROOT, path));
  mkdirSync(join(DIST, 'chunks'), { recursive: true });
  for (const path of paths.filter((each) => !isEntry(each))) {
    renameSync(path, join(DIST, 'chunks', basename(path)));
  }
  for (const path of paths.filter(isEntry)) renameSync(path, join(DIST, basename(path)));
}

function removeOldChunks(outputs) {
  const current = new Set(outputs.map((path) => basename(path)));
  for (const name of readdirSync(join(DIST, 'chunks'))) {
    const path = join(DIST, 'chunks', name);
    const isOld = Date.now() - statSync(path).mtimeMs > KEEP_OLD_CHUNKS_MS;
    if (isOld && !current.has(name)) rmSync(path);
  }
}

/** Bundles `entries` (name -> source) into dist/ and says what they were made of. */
export async function bundle(entries) {
  const startedAt = Date.now() - CLOCK_GRAIN_MS;
  const folder = join(DIST, `.new-${process.pid}`);
  try {
    const { metafile } = await esbuildInto(folder, entries);
    const outputs = Object.keys(metafile.outputs);
    linkDependencies(metafile.inputs);
    if (outputs.length > 0) {
      moveIntoPlace(folder, outputs);
      removeOldChunks(outputs);
    }
    const inputs = [...Object.keys(metafile.inputs), ...bundleSettings()];
    return { entries, inputs: stampFiles(inputs, startedAt) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
