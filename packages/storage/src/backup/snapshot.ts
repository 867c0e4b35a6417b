import { existsSync } from 'node:fs';
import {
  constants,
  copyFile,
  cp,
  link,
  mkdir,
  opendir,
  readdir,
  rm,
  stat,
  unlink,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkDataFolderPart, checkPostgresParts } from '../data-folder-parts.ts';
import { checkFolderFormat } from '../database/folder-format.ts';
import { isProcess, lockFolder, processStart } from '../database/folder-lock.ts';
import { makePrivateFolder } from '../private-folder.ts';
import { NothingToBackUpError } from './errors.ts';

/** Copies the files of the database to a folder that is not there yet, as they are at one moment. */
export type CopyDatabase = (to: string) => Promise<void>;

const NAME = /^snapshot-(\d+)(-.+)?$/;
const DATABASE = join('database', 'postgres');
const OBJECTS = join('objects', 'objects');
/** The key that signs addresses, and those of commands that were interrupted. */
const KEY = /^signing-key$|\.key$/;

/**
 * Makes a folder in the data folder that holds what it holds at one moment: a copy of the database, and the objects, which
 * are linked, as no object is ever written to again.
 *
 * @param owner the process that removes it; what processes left that are gone is removed here
 * @param signal ends it before its time; then nothing is left of it
 */
export async function takeSnapshot(
  dataFolder: string,
  copyDatabase: CopyDatabase,
  owner: number,
  signal?: AbortSignal,
): Promise<string> {
  await removeAbandonedSnapshots(dataFolder);
  const snapshot = join(dataFolder, nameOf(owner));
  await rm(snapshot, { recursive: true, force: true });
  makePrivateFolder(snapshot);
  try {
    // Twice: what the database names is there before it is copied, or comes while it is.
    await linkTree(join(dataFolder, OBJECTS), join(snapshot, OBJECTS), signal);
    await mkdir(join(snapshot, dirname(DATABASE)));
    await copyDatabase(join(snapshot, DATABASE));
    await copyFile(
      join(dataFolder, 'database/format.json'),
      join(snapshot, 'database/format.json'),
    );
    await linkTree(join(dataFolder, OBJECTS), join(snapshot, OBJECTS), signal);
    for (const name of await readdir(dataFolder)) {
      if (KEY.test(name)) await copyFile(join(dataFolder, name), join(snapshot, name));
    }
  } catch (error) {
    await rm(snapshot, { recursive: true, force: true });
    throw error;
  }
  return snapshot;
}

/**
 * The same of a folder that no process has open; it is locked meanwhile. A database that was killed is copied as it lies,
 * and recovers where it is restored.
 *
 * @throws NothingToBackUpError, DataFolderInUseError, DataFolderDamagedError
 */
export async function takeSnapshotOfIdle(
  dataFolder: string,
  signal?: AbortSignal,
): Promise<string> {
  const database = join(dataFolder, 'database');
  checkDataFolderPart(dataFolder, 'database');
  if (!existsSync(join(dataFolder, DATABASE))) throw new NothingToBackUpError(dataFolder);
  const lock = await lockFolder(database);
  try {
    checkFolderFormat(database);
    checkPostgresParts(database);
    checkDataFolderPart(dataFolder, OBJECTS);
    const copy = (to: string) => copyDatabaseFiles(join(dataFolder, DATABASE), to, signal);
    return await takeSnapshot(dataFolder, copy, process.pid, signal);
  } finally {
    lock.release();
  }
}

/** Where nothing writes to them. */
export function copyDatabaseFiles(from: string, to: string, signal?: AbortSignal): Promise<void> {
  return cp(from, to, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    // The mark of a process that has it open.
    filter: (path) => {
      signal?.throwIfAborted();
      return basename(path) !== 'postmaster.pid';
    },
  });
}

/** Removes snapshots whose process is gone. */
export async function removeAbandonedSnapshots(dataFolder: string): Promise<void> {
  for (const name of await readdir(dataFolder)) {
    const [, owner, start] = NAME.exec(name) ?? [];
    if (owner === undefined) continue;
    // Of its number, another process may have begun since. Earlier versions wrote the number alone.
    const isOwned =
      isProcess(Number(owner)) && (start === undefined || name === nameOf(Number(owner)));
    if (!isOwned) await rm(join(dataFolder, name), { recursive: true, force: true });
  }
}

/** Tells the process and when it began. */
function nameOf(owner: number): string {
  const start = processStart(owner);
  return `snapshot-${owner}${start === '' ? '' : `-${start.replaceAll('/', '-')}`}`;
}

async function linkTree(from: string, to: string, signal?: AbortSignal): Promise<void> {
  await mkdir(to, { recursive: true });
  for await (const entry of await opendir(from)) {
    signal?.throwIfAborted();
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target, signal);
    else if (entry.isFile()) await linkFile(source, target);
  }
}

async function linkFile(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Deleted since its folder was read.
    if (code === 'ENOENT') return;
    if (code === 'EEXIST') await replaceOlder(source, target);
    // A file system without links, or at their limit.
    else await copyFile(source, target, constants.COPYFILE_FICLONE);
  }
}

/** An object that was written anew is another file. */
async function replaceOlder(source: string, target: string): Promise<void> {
  const [now, before] = await Promise.all([stat(source).catch(() => null), stat(target)]);
  if (now === null || now.ino === before.ino) return;
  await unlink(target);
  await linkFile(source, target);
}
