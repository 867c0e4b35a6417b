/** The photographs that files and folders hold. */
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { photoFormatOf } from '@deepstyle/vision';
import { NoPhotosError } from '../errors.ts';

export interface ListedPhoto {
  readonly path: string;
  /** Below the folder that holds all that was asked for, with slashes. */
  readonly name: string;
}

/** What is not looked at, and why. */
export interface RefusedPhoto {
  readonly name: string;
  readonly reason: string;
}

export interface PhotoList {
  readonly photos: readonly ListedPhoto[];
  readonly refused: readonly RefusedPhoto[];
  /** Files of folders that are no pictures. */
  readonly others: number;
  /** Links to folders that are listed anyway, as those that lead back to themselves. */
  readonly repeatedFolders: number;
}

/** Files of these names are meant as pictures, readable or not. */
const PICTURE_NAME = /^\.(jpe?g|jfif|png|webp|gif|avif|heic|heif|tiff?|bmp|jxl)$/i;
const SIGNATURE_BYTES = 12;

interface Listing {
  readonly root: string;
  readonly photos: ListedPhoto[];
  readonly refused: RefusedPhoto[];
  /** Real paths: a link leads to what may be listed already. */
  readonly seenFiles: Set<string>;
  readonly seenFolders: Set<string>;
  others: number;
  repeatedFolders: number;
}

/**
 * Those of folders in the order of their names, subfolders too, each once, however many links lead to it. Hidden entries are
 * left out.
 *
 * @param paths absolute, of files and folders
 * @throws NoPhotosError where there are none, not even some that cannot be read
 */
export async function listPhotos(paths: readonly string[]): Promise<PhotoList> {
  const listing: Listing = {
    root: await rootOf(paths),
    ...{ photos: [], refused: [], others: 0, repeatedFolders: 0 },
    ...{ seenFiles: new Set(), seenFolders: new Set() },
  };
  for (const path of paths) await addEntry(listing, path, true);
  const { photos, refused, others, repeatedFolders } = listing;
  if (photos.length + refused.length === 0) throw new NoPhotosError(paths, others);
  return { photos, refused, others, repeatedFolders };
}

/** The folder above all of them; of one folder itself. */
async function rootOf(paths: readonly string[]): Promise<string> {
  const folders = await Promise.all(
    paths.map(async (path) => ((await isFolder(path)) ? path : dirname(path))),
  );
  const [first = sep, ...others] = folders;
  const isAbove = (folder: string) =>
    others.every((other) => other === folder || other.startsWith(folder + sep));
  let root = first;
  while (!isAbove(root) && dirname(root) !== root) root = dirname(root);
  return root;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

/** @param isNamed whether a person named it, who is told what is wrong with it */
async function addEntry(listing: Listing, path: string, isNamed: boolean): Promise<void> {
  const isMeant = isNamed || PICTURE_NAME.test(extname(path));
  try {
    const found = await stat(path);
    if (found.isDirectory()) await addFolder(listing, path);
    else if (found.isFile()) await addFile(listing, path, isMeant);
    else refuse(listing, path, 'it is no regular file');
  } catch (error) {
    // What a broken link was to be does not matter: someone put it among the photographs.
    refuse(listing, path, reasonOf(error));
  }
}

async function addFolder(listing: Listing, path: string): Promise<void> {
  const real = await realpath(path);
  if (listing.seenFolders.has(real)) {
    listing.repeatedFolders += 1;
    return;
  }
  listing.seenFolders.add(real);
  const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
  for (const name of names) await addEntry(listing, join(path, name), false);
}

async function addFile(listing: Listing, path: string, isMeant: boolean): Promise<void> {
  const real = await realpath(path);
  if (listing.seenFiles.has(real)) return;
  listing.seenFiles.add(real);
  if (isMeant || (await beginsAsPicture(path)))
    listing.photos.push({ path, name: nameOf(listing, path) });
  else listing.others += 1;
}

async function beginsAsPicture(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SIGNATURE_BYTES));
    return photoFormatOf(buffer.subarray(0, bytesRead)) !== undefined;
  } finally {
    await file.close();
  }
}

function refuse(listing: Listing, path: string, reason: string): void {
  listing.refused.push({ name: nameOf(listing, path), reason });
}

function nameOf({ root }: Listing, path: string): string {
  return relative(root, path).split(sep).join('/') || basename(path);
}

/** What a file system says of a path, in words. */
function reasonOf(error: unknown): string {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'nothing is there',
    ELOOP: 'it is a link that leads back to itself',
    EACCES: 'it may not be read',
    EPERM: 'it may not be read',
    ENAMETOOLONG: 'its name is too long',
  };
  return known[code] ?? `it cannot be read (${code})`;
}
