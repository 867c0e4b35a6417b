import { copyFileSync, mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './places.mjs';

/** Names of the folders in `folder` (a path from the root), sorted; none where it does not exist. */
export function foldersIn(folder) {
  try {
    return readdirSync(join(ROOT, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

/** Every file under `path` (from the root; a file names itself), without node_modules and built files. */
export function filesUnder(path) {
  let entries;
  try {
    entries = readdirSync(join(ROOT, path), { withFileTypes: true });
  } catch (error) {
    return error.code === 'ENOTDIR' ? [path] : [];
  }
  return entries.flatMap((entry) => {
    if (['node_modules', 'dist', '.vite'].includes(entry.name)) return [];
    const child = `${path}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(child) : [child];
  });
}

// A reader sees the old file or the new one, never half of one: each is made beside its place and renamed into it.
const beside = (target) => `${target}.${process.pid}.new`;

export function copyInPlace(source, target) {
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(source, beside(target));
  renameSync(beside(target), target);
}

export function linkInPlace(pointsTo, target) {
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(pointsTo, beside(target));
  renameSync(beside(target), target);
}
