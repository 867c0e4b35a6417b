import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { ImageSlots } from '../image-slots.ts';

export interface FoundImage {
  readonly path: string;
  /** The path below the folder as the disk has it. */
  readonly name: string;
}

/** Where the images of a dataset lie. */
export interface ImageFolder {
  readonly path: string;
  /** Folder of the dataset, which links may not lead out of. */
  readonly root: string;
  /** The file of an image name, whatever its capitals; `outside` where a link leads out of the dataset's folder. */
  find(name: string): Promise<FoundImage | 'missing' | 'outside'>;
}

/**
 * A folder of images below the folder `root` of a dataset. `isPermitted` is asked for the real path of each, as links may
 * lead anywhere.
 */
export function createImageFolder(
  path: string,
  root: string,
  isPermitted: (realPath: string) => boolean,
): ImageFolder {
  const realRoot = realpath(root);
  // Whoever looks for an image is told.
  realRoot.catch(() => {});
  const listings = new Map<string, Promise<ReadonlyMap<string, string>>>();

  function listing(folder: string): Promise<ReadonlyMap<string, string>> {
    let found = listings.get(folder);
    if (found === undefined) {
      found = readdir(folder).then(
        (entries) => new Map(entries.map((entry) => [entry.toLowerCase(), entry])),
        () => new Map<string, string>(),
      );
      listings.set(folder, found);
    }
    return found;
  }

  async function findIgnoringCase(name: string): Promise<string | null> {
    const found: string[] = [];
    for (const segment of name.split('/')) {
      const entries = await listing(join(path, ...found));
      const entry = entries.get(segment.toLowerCase());
      if (entry === undefined) return null;
      found.push(entry);
    }
    return found.join('/');
  }

  async function judged(
    real: string | null,
    name: string,
  ): Promise<FoundImage | 'missing' | 'outside'> {
    // What may not be read is not told apart from what is not there.
    if (real === null || !isPermitted(real)) return 'missing';
    return permitFolders([await realRoot])(real) ? { path: real, name } : 'outside';
  }

  return {
    path,
    root,
    find: async (name) => {
      const real = await realFile(join(path, name));
      if (real !== null) return judged(real, name);
      const similar = await findIgnoringCase(name);
      return similar === null ? 'missing' : judged(await realFile(join(path, similar)), similar);
    },
  };
}

async function realFile(path: string): Promise<string | null> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isFile() ? real : null;
  } catch {
    return null;
  }
}

const FIRST_IMAGES = 20;

/**
 * The first of several folders that has one of the first images; null where none has.
 *
 * @param isAskedFor leaves out images that nobody needs
 */
export async function chooseImageFolder(
  folders: readonly ImageFolder[],
  slots: ImageSlots,
  isAskedFor: (place: number) => boolean = () => true,
): Promise<ImageFolder | null> {
  const names: string[] = [];
  for (let place = 0; place < slots.count && names.length < FIRST_IMAGES; place += 1) {
    if (isAskedFor(place)) names.push(slots.fileName(place));
  }
  for (const folder of folders) {
    for (const name of names) if ((await folder.find(name)) !== 'missing') return folder;
  }
  return null;
}

/** Whether a real path lies in one of the folders; `*` among them permits all. */
export function permitFolders(roots: readonly string[]): (realPath: string) => boolean {
  if (roots.includes('*')) return () => true;
  const folders = roots.map((root) => resolve(root));
  return (path) =>
    folders.some((folder) => {
      const prefix = folder.endsWith(sep) ? folder : folder + sep;
      return path === folder || path.startsWith(prefix);
    });
}
