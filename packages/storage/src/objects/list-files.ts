import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nameToSegment } from './file-name.ts';

interface FoundFile {
  readonly key: string;
  readonly path: string;
}

/** Which keys are looked for: those that begin with `prefix` and come after `after`. */
interface Wanted {
  readonly prefix: string;
  readonly after: string;
}

/** Files below `root` of the wanted keys, in the lexical order of the keys; reads only folders that can hold one. */
export async function* listFiles(
  root: string,
  wanted: Wanted,
  folderKey = '',
): AsyncGenerator<FoundFile> {
  const { prefix, after } = wanted;
  for (const { segment, name } of await readFolder(root)) {
    const key = folderKey + segment;
    const path = join(root, name);
    if (!segment.endsWith('/')) {
      if (key.startsWith(prefix) && key > after) yield { key, path };
    } else if (
      (key.startsWith(prefix) || prefix.startsWith(key)) &&
      (key > after || after.startsWith(key))
    ) {
      yield* listFiles(path, wanted, key);
    }
  }
}

/** Entries by segment. A folder's segment ends in a slash, so that this order is the order of whole keys. */
async function readFolder(path: string): Promise<{ segment: string; name: string }[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const named = entries.flatMap((entry) => {
    const segment = nameToSegment(entry.name, entry.isDirectory());
    return segment === null ? [] : [{ segment, name: entry.name }];
  });
  return named.sort((a, b) => (a.segment < b.segment ? -1 : 1));
}
