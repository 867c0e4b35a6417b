import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { StartRunInput } from '../run-queries.ts';

type Sources = StartRunInput['sources'];

/** Files of which the system is asked at once. */
const BATCH = 256;

/**
 * A digest of the photographs that some sources name: of a folder the names, sizes and times of its files, of a manifest
 * its bytes. What lies behind an address counts as unchanged.
 */
export async function photosDigest(sources: Sources): Promise<string> {
  const hash = createHash('sha256');
  for (const { folder, manifest } of sources) {
    if (folder) await addFolder(hash, folder);
    if (manifest && !/^https?:/i.test(manifest)) await addFile(hash, manifest);
  }
  return hash.digest('hex');
}

async function addFile(hash: Hash, path: string): Promise<void> {
  for await (const chunk of createReadStream(path)) hash.update(chunk);
}

async function addFolder(hash: Hash, root: string): Promise<void> {
  const files = await filesBelow(root);
  for (let at = 0; at < files.length; at += BATCH) {
    const lines = files.slice(at, at + BATCH).map(async (path) => {
      const found = await stat(path).catch(() => null);
      return JSON.stringify([relative(root, path), found?.size, found?.mtimeMs]);
    });
    hash.update((await Promise.all(lines)).join('\n'));
  }
}

/** By path. Hidden ones are no photographs. */
async function filesBelow(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  return paths.filter((path) => !/(^|[\\/])\./.test(relative(root, path))).sort();
}
