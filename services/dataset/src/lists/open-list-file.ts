import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { DatasetFileRefusedError } from '../errors.ts';

/**
 * Opens a file of a dataset to be read. A pipe would be waited for without end, and a device has no end.
 *
 * @throws DatasetFileRefusedError; what the file system throws
 */
export async function openListFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new DatasetFileRefusedError(path, 'it is no regular file');
}
