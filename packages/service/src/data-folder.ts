import { accessSync, constants, existsSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DeepStyleError } from '@deepstyle/platform/errors';
import { makePrivateFolder } from '@deepstyle/storage/private-folder';

/** An empty embedded database takes about 40 MB. */
const MIN_FREE_BYTES = 100e6;

export class DataFolderUnusableError extends DeepStyleError {
  constructor(folder: string, problem: string, cause?: unknown) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'DATA_FOLDER_UNUSABLE',
      message: `The data folder ${folder} cannot be used: ${problem}. Mend that, or choose another folder with --data or DEEPSTYLE_DATA.`,
      cause,
    });
  }
}

/**
 * Makes the data folder where it is missing, before a store meets what is wrong with it.
 *
 * @throws DataFolderUnusableError where it is a file, cannot be written, or its disk is full
 */
export function prepareDataFolder(folder: string): void {
  createFolders(folder, folder);
  if (isOurs(folder)) makePrivateFolder(folder);
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DataFolderUnusableError(folder, 'this user may not write into it', error);
  }
  const freeBytes = freeBytesOf(folder);
  if (freeBytes < MIN_FREE_BYTES) {
    const [free, needed] = [freeBytes, MIN_FREE_BYTES].map((bytes) => Math.floor(bytes / 1e6));
    throw new DataFolderUnusableError(
      folder,
      `its disk has ${free} MB free, and ${needed} MB are needed`,
    );
  }
}

/** A folder that holds other things is not ours to close; what the stores keep in it is closed by them. */
function isOurs(folder: string): boolean {
  return existsSync(join(folder, 'database')) || existsSync(join(folder, 'objects'));
}

/** Bytes that this user may still write on the disk of a folder that exists. */
export function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

// One level at a time: Node's recursive mkdir does not return where a file system refuses new folders (/proc).
function createFolders(path: string, wanted: string): void {
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) return;
    throw new DataFolderUnusableError(wanted, `${path} is a file`);
  }
  const parent = dirname(path);
  if (parent !== path) createFolders(parent, wanted);
  try {
    mkdirSync(path, path === wanted ? { mode: 0o700 } : {});
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another process made it first.
    if (code === 'EEXIST') return;
    throw new DataFolderUnusableError(wanted, `${path} cannot be made (${code})`);
  }
}
