import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SPLITS, type Split } from '../category.ts';
import { UnknownDatasetFormatError } from '../errors.ts';
import type { ListFile } from '../lists/list-file.ts';

export interface CocoFile extends ListFile {
  /** By its name: one that has "train", "val" or "test" in it; null for others. */
  readonly split: Split | null;
}

export interface CocoLayout {
  readonly files: readonly CocoFile[];
  /** Below which all of it lies. */
  readonly folder: string;
  /** Folders below which image names may lie, the likeliest first. */
  readonly imageFolders: readonly string[];
}

/**
 * A COCO file, or a folder with COCO files: those in `annotations/`, else those in the folder itself.
 *
 * @throws UnknownDatasetFormatError; what the file system throws
 */
export async function findCoco(path: string): Promise<CocoLayout> {
  if ((await stat(path)).isFile()) {
    const folder = dirname(path);
    const parent = dirname(folder);
    const file = { path, name: basename(path), split: splitOfName(basename(path)) };
    const folders = imageFolders([folder, parent], [file.split]);
    return { files: [file], folder: parent, imageFolders: folders };
  }
  for (const subfolder of ['annotations', '']) {
    const folder = join(path, subfolder);
    const names = (await readdir(folder).catch(() => [])).filter((name) => /\.json$/i.test(name));
    if (names.length === 0) continue;
    const files = names.sort().map((name) => ({
      path: join(folder, name),
      name: subfolder === '' ? name : `${subfolder}/${name}`,
      split: splitOfName(name),
    }));
    const splits = files.map(({ split }) => split);
    return { files, folder: path, imageFolders: imageFolders([path], splits) };
  }
  throw new UnknownDatasetFormatError(path, 'it has no .json file, also not in annotations/.');
}

/** "train" of `instances_train2017.json`. */
export function splitOfName(name: string): Split | null {
  const words = name.toLowerCase().split(/[^a-z]+/);
  if (words.some((word) => word.startsWith('valid'))) return 'val';
  return SPLITS.find((split) => words.includes(split)) ?? null;
}

function imageFolders(
  parents: readonly string[],
  splits: readonly (Split | null)[],
): readonly string[] {
  const named = splits.filter((split) => split !== null);
  const years = ['2017', '2014'].flatMap((year) => named.map((split) => `${split}${year}`));
  const names = ['images', '', ...named, ...named.map((split) => `images/${split}`), ...years];
  return [...new Set(parents.flatMap((parent) => names.map((name) => join(parent, name))))];
}
