import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nameToSegment } from './file-name.ts';

interface FoundFile {
  readonly key: string;
  readonly path: string;
}

/** Files below `root` whose keys begin with `prefix`, in the lexical order of the keys; reads only folders that can hold one. */
export async function* listFiles(
  root: string,
  prefix: string,
  folderKey = '',
): AsyncGenerator<FoundFile> {
  for (const { segment, name } of await readFolder(root)) {
    const key = folderKey + segment;
    const isFolder = segment.endsWith('/');
    if (isFolder && (key.startsWith(prefix) || prefix.startsWith(key))) {
      yield* listFiles(join(root, name), prefix, key);
    } else if (!isFolder && key.startsWith(prefix)) {
      yield { key, path: join(root, name) };
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
