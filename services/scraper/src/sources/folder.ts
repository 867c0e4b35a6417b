import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import {
  FolderEmptyError,
  FolderNotFoundError,
  NotAFolderError,
  SeasonFolderMissingError,
  SourceUnreadableError,
} from '../errors.ts';
import { isInside, permittedPath, readPhotoFile } from './permitted-files.ts';
import { seasonOf } from './season.ts';
import { cleanClaims, type OpenedSource, type SourceItem } from './source-item.ts';

export interface FolderOptions {
  readonly folder: string;
  readonly season: string;
  /** SCRAPER_FOLDERS. */
  readonly roots: readonly string[];
  readonly maxPhotoBytes: number;
}

interface Layout {
  /** The folder as asked for, links resolved. */
  readonly root: string;
  /** Where the photographs of the run are: the root, or its folder of the season. */
  readonly start: string;
}

interface FoundFile {
  readonly path: string;
  readonly problem: 'outside' | 'unreadable' | null;
}

/**
 * Checks a folder before a run depends on it.
 *
 * @throws FolderNotFoundError, NotAFolderError, SourceUnreadableError, FolderNotPermittedError, FolderEmptyError,
 *   SeasonFolderMissingError
 */
export async function checkFolder(options: FolderOptions): Promise<void> {
  const { start } = await layoutOf(options);
  for await (const file of walk(start)) {
    if (file.problem === null) return;
  }
  throw new FolderEmptyError(
    start === options.folder ? start : join(options.folder, basename(start)),
  );
}

/** The files of a folder by name, those of subfolders too; the first subfolder's name is the category. */
export async function openFolder(options: FolderOptions): Promise<OpenedSource> {
  const layout = await layoutOf(options);
  const files: FoundFile[] = [];
  for await (const file of walk(layout.start)) files.push(file);
  return {
    expected: files.length,
    items: files.map((file) => itemOf(file, layout, options)),
  };
}

async function layoutOf({ folder, season, roots }: FolderOptions): Promise<Layout> {
  try {
    const root = await permittedPath(folder, roots);
    if (!(await stat(root)).isDirectory()) throw new NotAFolderError(folder);
    const entries = await readdir(root, { withFileTypes: true });
    const seasons = entries.filter((entry) => entry.isDirectory() && seasonOf(entry.name) !== null);
    if (seasons.length === 0) return { root, start: root };
    const own = seasons.find(({ name }) => seasonOf(name) === season);
    if (own !== undefined) return { root, start: join(root, own.name) };
    throw new SeasonFolderMissingError(
      folder,
      season,
      seasons.map(({ name }) => name),
    );
  } catch (error) {
    throw folderError(error, folder);
  }
}

function folderError(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new FolderNotFoundError(folder);
  if (code === 'ENOTDIR') return new NotAFolderError(folder);
  if (code === 'EACCES' || code === 'EPERM') return new SourceUnreadableError(folder, error);
  return error;
}

/** Depth first, by name, so that two walks give the same order. Hidden entries and linked folders are left out. */
async function* walk(root: string, folder = root): AsyncGenerator<FoundFile> {
  const entries = await sortedEntries(folder);
  if (entries === null) {
    yield { path: folder, problem: 'unreadable' };
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(root, path);
    else if (entry.isFile()) yield { path, problem: null };
    else if (entry.isSymbolicLink()) yield* linked(root, path);
  }
}

async function sortedEntries(folder: string): Promise<Dirent[] | null> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return null;
  }
}

async function* linked(root: string, path: string): AsyncGenerator<FoundFile> {
  try {
    const target = await realpath(path);
    if (!isInside(target, root)) yield { path, problem: 'outside' };
    // A link to a folder inside is left out: that folder is walked itself.
    else if ((await stat(target)).isFile()) yield { path, problem: null };
  } catch {
    yield { path, problem: 'unreadable' };
  }
}

function itemOf(file: FoundFile, { root, start }: Layout, options: FolderOptions): SourceItem {
  const { path } = file;
  // The path above the folder is private and no part of the attribution.
  const name = join(basename(root), relative(root, path));
  const key = `file:${path}`;
  if (file.problem === 'outside') {
    const reason = 'It is a link that leads out of the folder.';
    return { kind: 'rejected', key, name, code: 'OUTSIDE_FOLDER', reason };
  }
  if (file.problem === 'unreadable') {
    return { kind: 'rejected', key, name, code: 'UNREADABLE', reason: 'It cannot be read.' };
  }
  const folders = relative(start, path).split(sep).slice(0, -1);
  return {
    kind: 'candidate',
    key,
    name,
    source: name,
    claims: cleanClaims({ category: folders[0] }),
    read: (signal, memory) => readPhotoFile(path, options.maxPhotoBytes, signal, memory),
  };
}
