import { randomUUID } from 'node:crypto';
import { constants, existsSync, readdirSync, statSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeAtExit } from '@deepstyle/platform';
import { create, extract } from 'tar';
import { checkDataFolderPart, checkPostgresParts } from '../data-folder-parts.ts';
import { isProcess } from '../database/folder-lock.ts';
import { StorageFullError } from '../errors.ts';
import { makeContentPrivate, makePrivateFolder } from '../private-folder.ts';
import { sync, syncTree } from '../sync-tree.ts';
import {
  addChecksums,
  type BackupContent,
  checkChecksums,
  DESCRIPTION,
  type OnProgress,
} from './checksums.ts';
import {
  BackupDamagedError,
  BackupNotFoundError,
  NotABackupError,
  RestoreTargetTakenError,
} from './errors.ts';

const UNFINISHED = /^\.unfinished-(?:(\d+)-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a backup of this name is one file rather than a folder. */
export function isArchiveName(path: string): boolean {
  return path.endsWith('.tar');
}

/**
 * Writes a snapshot as a backup: one file where the name ends in `.tar`, else a folder. It appears whole or not at all.
 *
 * @param now when the snapshot was taken
 */
export async function writeBackup(
  snapshot: string,
  target: string,
  now: Date,
  onProgress: OnProgress,
): Promise<BackupContent> {
  const content = await addChecksums(snapshot, now, onProgress);
  await mkdir(dirname(target), { recursive: true });
  await makeWhole(target, async (unfinished) => {
    const count = countFiles('writing', content.files, onProgress);
    if (isArchiveName(target)) {
      const options = { file: unfinished, cwd: snapshot, portable: true, mode: 0o600 };
      await create({ ...options, onWriteEntry: count }, ['.']);
      await sync(unfinished);
      return;
    }
    await copyTree(snapshot, unfinished, count);
    await syncTree(unfinished);
  });
  return content;
}

/**
 * Makes a data folder out of a backup, after all of it was compared with its checksums. It appears whole or not at all.
 *
 * @param dataFolder is not there yet, or empty
 * @throws RestoreTargetTakenError, BackupNotFoundError, NotABackupError, BackupDamagedError, BackupTooNewError
 */
export async function restoreBackup(
  backup: string,
  dataFolder: string,
  onProgress: OnProgress,
): Promise<BackupContent> {
  const kind = statSync(backup, { throwIfNoEntry: false });
  if (kind === undefined) throw new BackupNotFoundError(backup);
  // A pipe or a device is never at its end.
  if (!kind.isDirectory() && !kind.isFile()) throw new NotABackupError(backup);
  // Before all of it is copied.
  if (kind.isDirectory() && !existsSync(join(backup, DESCRIPTION)))
    throw new NotABackupError(backup);
  if (existsSync(dataFolder) && readdirSync(dataFolder).length > 0)
    throw new RestoreTargetTakenError(dataFolder);
  await mkdir(dirname(dataFolder), { recursive: true });
  return makeWhole(dataFolder, async (unfinished) => {
    makePrivateFolder(unfinished);
    const count = countFiles('unpacking', null, onProgress);
    if (kind.isDirectory()) await copyTree(backup, unfinished, count);
    else await unpack(backup, unfinished, count);
    const { content, descriptions } = await checkChecksums(unfinished, backup, onProgress);
    for (const name of descriptions) await rm(join(unfinished, name));
    checkPostgresParts(join(unfinished, 'database'));
    checkDataFolderPart(unfinished, 'objects/objects');
    makeContentPrivate(unfinished);
    await syncTree(unfinished);
    if (existsSync(dataFolder)) await rmdir(dataFolder);
    return content;
  });
}

/** Makes something beside its place, and moves it there. */
async function makeWhole<T>(place: string, make: (unfinished: string) => Promise<T>): Promise<T> {
  await removeAbandoned(place);
  const unfinished = `${place}.unfinished-${process.pid}-${randomUUID()}`;
  const removed = removeAtExit(unfinished);
  try {
    const made = await make(unfinished);
    await rename(unfinished, place);
    await sync(dirname(place));
    return made;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new StorageFullError(dirname(place), error);
    throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    removed();
  }
}

/** Removes what a process that was killed left of the same place. Earlier versions did not write whose it is. */
async function removeAbandoned(place: string): Promise<void> {
  const folder = dirname(place);
  for (const name of await readdir(folder)) {
    const made = name.startsWith(basename(place))
      ? UNFINISHED.exec(name.slice(basename(place).length))
      : null;
    if (made === null || isProcess(Number(made[1]))) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

function countFiles(step: string, files: number | null, onProgress: OnProgress): () => void {
  let done = 0;
  return () => {
    done += 1;
    onProgress(step, done, files);
  };
}

function copyTree(from: string, to: string, count: () => void): Promise<void> {
  return cp(from, to, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => {
      if (statSync(path).isFile()) count();
      return true;
    },
  });
}

/** @throws NotABackupError, BackupDamagedError */
async function unpack(archive: string, to: string, count: () => void): Promise<void> {
  let entries = 0;
  try {
    // Strict: what is only warned of otherwise is damage. Links are none of ours.
    await extract({
      ...{ file: archive, cwd: to, strict: true, noChmod: true },
      filter: (_path, entry) => 'type' in entry && /^(File|Directory)$/.test(entry.type),
      onReadEntry: () => {
        entries += 1;
        count();
      },
    });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EMFILE' || code === 'EACCES') throw error;
    if (entries === 0) throw new NotABackupError(archive);
    throw new BackupDamagedError(archive, `it cannot be unpacked: ${message}`, error);
  }
}
