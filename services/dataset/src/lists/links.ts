import { realpath } from 'node:fs/promises';
import { DatasetFileRefusedError } from '../errors.ts';
import { permitFolders } from '../images/permit-folders.ts';
import type { ListFile } from './list-file.ts';

/**
 * Links inside of a dataset's folder are followed; one that leads out of it would show files that nobody gave.
 *
 * @throws DatasetFileRefusedError; what the file system throws
 */
export async function refuseLinksOutside(
  files: readonly ListFile[],
  folder: string,
): Promise<void> {
  const isInside = permitFolders([await realpath(folder)]);
  for (const { path } of files) {
    if (!isInside(await realpath(path))) {
      throw new DatasetFileRefusedError(
        path,
        "it is a link that leads out of the dataset's folder",
      );
    }
  }
}
