import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { esbuildInto } from '../../scripts/build/bundle.mjs';
import { entryPoints } from '../../scripts/build/entries.mjs';
import { DIST } from '../../scripts/build/places.mjs';
import { editedSources } from './edited-sources.ts';
import type { PlantedBug } from './planted-bugs.ts';

/** The program built with a bug, below `dist/`, where it finds the files and packages that it needs. */
export async function buildWithBug({ name, edits }: Pick<PlantedBug, 'name' | 'edits'>) {
  const folder = join(DIST, `.planted-${process.pid}`);
  const edited = editedSources(name, edits);
  await esbuildInto(folder, entryPoints(), [plant(edited)]);
  return {
    path: folder,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function plant(sources: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'plant-bug',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = sources.get(path);
        return contents === undefined ? undefined : { contents, loader: 'ts' };
      });
    },
  };
}
