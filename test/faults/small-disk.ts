import { execFile, spawnSync } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import { temporaryFolder } from '@deepstyle/testkit';
import { retried } from './target.ts';

const run = promisify(execFile);
/** Far more than a campaign writes: NATS sets aside what its streams may come to. Memory is taken for what is written. */
const SIZE = '16g';

/** A file system of its own, in memory, that can be full. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all that is free away; what is returned gives it back. */
  fill(): Promise<() => Promise<void>>;
  /** To be called once nothing uses it any more. */
  close(): Promise<void>;
}

/** Null where this machine lets nobody mount anything. */
export async function mountSmallDisk(): Promise<SmallDisk | null> {
  const folder = await temporaryFolder('deepstyle-disk');
  const { path } = folder;
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', path]);
  } catch {
    await folder.remove();
    return null;
  }
  const resize = (size: string) => run('mount', ['-o', `remount,size=${size}`, path]);
  // A campaign that dies leaves no file system behind.
  const onExit = (): void => {
    spawnSync('umount', ['--lazy', path]);
  };
  process.once('exit', onExit);
  return {
    path,
    fill: async () => {
      // Refused where more was written meanwhile.
      await retried(async () => {
        const { blocks, bfree, bsize } = await statfs(path);
        await resize(String((blocks - bfree) * bsize));
      });
      return async () => void (await resize(SIZE));
    },
    close: async () => {
      process.off('exit', onExit);
      await run('umount', ['--lazy', path]);
      await folder.remove();
    },
  };
}
