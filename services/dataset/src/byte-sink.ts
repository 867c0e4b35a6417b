import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where bytes go piece by piece. They are the sink's only until its promise is kept. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

/**
 * Writes a file that appears under its name only when it is whole; its folder is made where it is missing.
 *
 * @returns its size in bytes
 */
export async function writeWholeFile(
  path: string,
  work: (sink: ByteSink) => Promise<void>,
): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.unfinished`;
  let bytes = 0;
  const file = await open(unfinished, 'w');
  try {
    await work({
      write: async (chunk) => {
        bytes += chunk.length;
        await writeAll(file, chunk);
      },
    });
    await file.close();
    await rename(unfinished, path);
  } catch (error) {
    await file.close();
    await rm(unfinished, { force: true });
    throw error;
  }
  return bytes;
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.length) {
    const { bytesWritten } = await file.write(chunk, written);
    written += bytesWritten;
  }
}
