import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Far fewer than the files that a process may have open where that is limited. */
const AT_ONCE = 16;

/** Writes a folder and all that lies in it to the disk. Many at once: one after the other they take many times as long. */
export async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true });
  const paths = [folder, ...entries.map((entry) => join(folder, entry))].values();
  const work = async (): Promise<void> => {
    for (const path of paths) await sync(path);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Writes a file, or the names in a folder, to the disk. */
export async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } catch (error) {
    // Windows syncs no folders, and no files that are open for reading only.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  } finally {
    await file.close();
  }
}
