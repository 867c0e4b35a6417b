import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { mountSmallDisk } from './small-disk.ts';

test('a full disk takes nothing until it is emptied, where this machine mounts one', async () => {
  const disk = await mountSmallDisk();
  if (disk === null) return;
  const write = (name: string) => writeFile(join(disk.path, name), Buffer.alloc(100_000));
  try {
    await write('before');
    const empty = await disk.fill();
    await expect(write('meanwhile')).rejects.toThrow('ENOSPC');
    await empty();
    await write('after');
  } finally {
    await disk.close();
  }
});
