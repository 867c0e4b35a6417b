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

// A new database folder takes seconds to make and a tenth of one to copy. So the first one of an installation is kept
// beside the built files, and later ones are copies of it.

function templateFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest = join(dirname(entry), '..', 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return join(dirname(fileURLToPath(import.meta.url)), `pglite-template-${version}`);
}

/** Everything under another name first: a folder appears whole or not at all. */
function makeWhole(folder: string, make: (unfinished: string) => void): void {
  const unfinished = `${folder}.new-${randomUUID()}`;
  try {
    make(unfinished);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function copyFolder(from: string, to: string): void {
  makeWhole(to, (unfinished) =>
    cpSync(from, unfinished, { recursive: true, mode: constants.COPYFILE_FICLONE }),
  );
}

/** Fills a folder that is not there yet. Where no template can be kept, PGlite will make the folder by itself. */
export async function copyTemplate(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  try {
    const template = templateFolder();
    if (!existsSync(template)) await makeTemplate(template);
    copyFolder(template, folder);
  } catch {
    // A read-only installation, or another process was faster with the template: both do no harm.
  }
}

async function makeTemplate(template: string): Promise<void> {
  const unfinished = `${template}.new-${randomUUID()}`;
  try {
    await (await PGlite.create(unfinished)).close();
    renameSync(unfinished, template);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  }
}
