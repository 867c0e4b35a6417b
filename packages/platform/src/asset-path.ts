import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The root of the sources, and the mark that the build leaves in what it builds.
const ROOT_MARKS = ['deepstyle-dist.json', 'pnpm-workspace.yaml'] as const;

/**
 * The path of a file that ships with the program: a migration, a schema, a built worker. `relative` is counted from
 * the root of the repository; in a build the same tree stands beside the built files, and built files themselves
 * (`dist/x.js`) beside each other.
 */
export function assetPath(relative: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const mark = ROOT_MARKS.find((name) => existsSync(join(folder, name)));
    if (mark === 'deepstyle-dist.json') return join(folder, relative.replace(/^dist\//, ''));
    if (mark !== undefined) return join(folder, relative);
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error(`${relative} was looked for, but this file is in no DeepStyle tree`);
    folder = parent;
  }
}
