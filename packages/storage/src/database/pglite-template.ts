import { randomUUID } from 'node:crypto';
import {
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { sync, syncTree } from '../sync-tree.ts';

// A new database folder takes seconds to make and a tenth of one to copy. So the first one of an installation is kept
// beside the built files, and later ones are copies of it.

function templateFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest = join(dirname(entry), '..', 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return join(dirname(fileURLToPath(import.meta.url)), `pglite-template-${version}`);
}

/** Makes a folder that is not there yet. It appears whole or not at all, also where the power is cut meanwhile. */
export async function makeDatabaseFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  await makeWhole(folder, async (unfinished) => {
    if (!(await copyTemplate(unfinished))) await initialize(unfinished);
    await syncTree(unfinished);
  });
  await sync(dirname(folder));
}

async function makeWhole(
  folder: string,
  make: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = `${folder}.new-${randomUUID()}`;
  try {
    await make(unfinished);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** False where no template can be kept: a read-only installation, or another process was faster with it. */
async function copyTemplate(to: string): Promise<boolean> {
  try {
    const template = templateFolder();
    if (!existsSync(template)) await makeWhole(template, initialize);
    cpSync(template, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
    return true;
  } catch {
    rmSync(to, { recursive: true, force: true });
    return false;
  }
}

async function initialize(folder: string): Promise<void> {
  await (await PGlite.create(folder)).close();
}
