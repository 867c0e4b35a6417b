import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathKey } from '@deepstyle/contracts';
import { commonFolder, type ImageGroup, type ImagePlaces } from './image-places.ts';
import { permitFolders } from './permit-folders.ts';

export interface FoundImage {
  readonly path: string;
  /** The path below its folder as the disk has it. */
  readonly name: string;
  /** Whether the first parts of the asked name lead nowhere and were left out. */
  readonly isShortened: boolean;
}

/** `outside` where a link leads out of the dataset's folder. */
export type Found = FoundImage | 'missing' | 'outside';

/** Finds the images of a dataset on the disk. */
export interface ImageFinder {
  /** The folder in which they lie, or the one that holds all of theirs; null where none are found. */
  readonly folder: string | null;
  /** The image of a row that belongs to a group. */
  find(group: number, name: string): Promise<Found>;
}

const ALL_PARTS = Number.POSITIVE_INFINITY;
/** Names that lead nowhere are looked for by no more than so many of their last parts. */
const COUNTS_OF_PARTS = [6, 5, 4, 3, 2, 1] as const;

/** Where the images of a group lie, by its samples. */
interface Choice {
  /** Those that are there; the one first that has some of them. */
  readonly folders: readonly string[];
  /** So many of the last parts of a name are looked for. */
  readonly parts: number;
  readonly isFound: boolean;
}

/**
 * Looks where the images lie, once. Null where no image is there and none is expected, as no folder for images
 * is there nor named by a person. `isPermitted` is asked for the real path of each image, as links may lead anywhere.
 */
export async function findImages(
  { root, groups, isNamed }: ImagePlaces,
  isPermitted: (realPath: string) => boolean,
): Promise<ImageFinder | null> {
  const disk = new Disk();
  const isInside = permitFolders([await realpath(root)]);
  const isThere = async (folder: string, name: string): Promise<boolean> => {
    const entry = await disk.find(folder, name);
    return entry !== null && isPermitted(entry.path);
  };
  const choices: Choice[] = [];
  for (const group of groups) choices.push(await chooseFolder(disk, group, isThere));
  const found = choices.filter(({ isFound }) => isFound);
  if (found.length === 0 && !isNamed && !(await hasImageFolder(disk, groups))) return null;
  return { folder: commonFolder(found.flatMap(({ folders }) => folders.slice(0, 1))), find };

  async function find(group: number, name: string): Promise<Found> {
    const { folders, parts } = choices[group] as Choice;
    for (const asked of parts === ALL_PARTS ? [name] : shortened(name, parts)) {
      const found = await findIn(folders, asked);
      if (typeof found === 'string') return found;
      if (found !== null) return { ...found, isShortened: asked !== name };
    }
    return 'missing';
  }

  async function findIn(folders: readonly string[], name: string) {
    for (const below of folders) {
      const entry = await disk.find(below, name);
      if (entry === null) continue;
      // What may not be read is not told apart from what is not there.
      if (!isPermitted(entry.path)) return 'missing' as const;
      return isInside(entry.path) ? entry : ('outside' as const);
    }
    return null;
  }
}

async function hasImageFolder(disk: Disk, groups: readonly ImageGroup[]): Promise<boolean> {
  for (const folder of groups.flatMap(({ own }) => own)) {
    if ((await disk.folder(folder)) !== null) return true;
  }
  return false;
}

/** Full names go before shortened ones in any folder; then the likeliest folder. */
async function chooseFolder(
  disk: Disk,
  group: ImageGroup,
  isThere: (folder: string, name: string) => Promise<boolean>,
): Promise<Choice> {
  const { samples } = group;
  const candidates = group.folders.map((folder) => disk.folder(folder));
  const there = (await Promise.all(candidates)).filter((folder) => folder !== null);
  const folders = [...new Set(there)];
  for (const parts of [ALL_PARTS, ...COUNTS_OF_PARTS]) {
    const names = new Set(samples.map((name) => lastParts(name, parts)));
    for (const folder of folders) {
      for (const name of names) {
        if (!(await isThere(folder, name))) continue;
        const others = folders.filter((other) => other !== folder);
        return { folders: [folder, ...others], parts, isFound: true };
      }
    }
  }
  return { folders, parts: ALL_PARTS, isFound: false };
}

/** The last so many parts of a name, and ever fewer. */
function shortened(name: string, parts: number): ReadonlySet<string> {
  const counts = COUNTS_OF_PARTS.filter((count) => count <= parts);
  return new Set(counts.map((count) => lastParts(name, count)));
}

function lastParts(name: string, count: number): string {
  return count === ALL_PARTS ? name : name.split('/').slice(-count).join('/');
}

/** Files and folders by their names, as people compare names. */
class Disk {
  readonly #listings = new Map<string, Promise<ReadonlyMap<string, string>>>();

  /** A file below a folder, with its real path; null where there is none. */
  async find(folder: string, name: string): Promise<{ path: string; name: string } | null> {
    const path = await realFile(join(folder, name));
    if (path !== null) return { path, name };
    const similar = await this.#similar(folder, name);
    const similarPath = similar === null ? null : await realFile(join(folder, similar));
    return similar === null || similarPath === null ? null : { path: similarPath, name: similar };
  }

  /** A folder as the disk has it; null where there is none. */
  async folder(path: string): Promise<string | null> {
    if (await isFolder(path)) return path;
    const parent = dirname(path);
    const above = dirname(parent);
    const similar = await this.#similar(above, `${basename(parent)}/${basename(path)}`);
    return similar !== null && (await isFolder(join(above, similar))) ? join(above, similar) : null;
  }

  async #similar(folder: string, name: string): Promise<string | null> {
    const found: string[] = [];
    for (const part of name.split('/')) {
      const entry = (await this.#listing(join(folder, ...found))).get(pathKey(part));
      if (entry === undefined) return null;
      found.push(entry);
    }
    return found.join('/');
  }

  #listing(folder: string): Promise<ReadonlyMap<string, string>> {
    let listing = this.#listings.get(folder);
    if (listing === undefined) {
      listing = readdir(folder).then(
        (entries) => new Map(entries.map((entry) => [pathKey(entry), entry])),
        () => new Map<string, string>(),
      );
      this.#listings.set(folder, listing);
    }
    return listing;
  }
}

async function realFile(path: string): Promise<string | null> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isFile() ? real : null;
  } catch {
    return null;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
