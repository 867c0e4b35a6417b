import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../usage-error.ts';
import { type Parse, text } from './values.ts';

/** What has to lie at a path. */
export type Kind = 'file' | 'folder' | 'file or folder';

/** An absolute path of whatever is there or not. @param from the folder that relative paths begin in */
export function anyPath(name: string, from: string): Parse<string> {
  return (typed) => {
    if (typed === '') throw new UsageError(`${name} needs a path.`);
    return resolve(from, text(name)(typed));
  };
}

/** An absolute path of what is there and can be read. */
export function existing(kind: Kind, name: string, from: string): Parse<string> {
  return (typed) => {
    const path = anyPath(name, from)(typed);
    const found = kindAt(path);
    if (found === null || !kind.includes(found))
      throw new UsageError(`There is no ${kind} ${path} (${name}).`);
    try {
      accessSync(path, constants.R_OK);
    } catch {
      throw new UsageError(`${path} may not be read (${name}).`);
    }
    return path;
  };
}

/** An absolute path of what a command writes: it, or the nearest folder above, is there and is no other thing. */
export function writable(
  kind: Exclude<Kind, 'file or folder'>,
  name: string,
  from: string,
): Parse<string> {
  return (typed) => {
    const path = anyPath(name, from)(typed);
    const found = kindAt(path);
    if (found !== null && found !== kind)
      throw new UsageError(`${path} is a ${found}, not a ${kind} (${name}).`);
    const above = found === null ? nearestAbove(path) : path;
    if (found === null && kindAt(above) === 'file')
      throw new UsageError(`${above} is a file, not a folder (${name}).`);
    try {
      accessSync(above, constants.W_OK);
    } catch {
      throw new UsageError(`${above} may not be written (${name}).`);
    }
    return path;
  };
}

/** An absolute path of a folder that a command fills: it is empty or not there. */
export function emptyFolder(name: string, from: string): Parse<string> {
  return (typed) => {
    const path = writable('folder', name, from)(typed);
    if (kindAt(path) !== null && readdirSync(path).length > 0)
      throw new UsageError(`${path} is not empty (${name}): name a new folder.`);
    return path;
  };
}

function kindAt(path: string): 'file' | 'folder' | null {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    return null;
  }
}

function nearestAbove(path: string): string {
  const parent = dirname(path);
  return parent === path || kindAt(parent) !== null ? parent : nearestAbove(parent);
}
