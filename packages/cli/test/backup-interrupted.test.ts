import { readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { openPgliteServer } from '@deepstyle/storage';
import { temporaryFolder } from '@deepstyle/testkit';
import { expect, jest, test } from '@jest/globals';
import { backUp } from '../src/backup/backup.ts';
import { Call } from '../src/call.ts';

test('a backup that is interrupted leaves no snapshot behind', async () => {
  await using data = await temporaryFolder('cli-backup');
  const server = await openPgliteServer({ folder: join(data.path, 'database') });
  await server.close();
  await mkdir(join(data.path, 'objects/objects'), { recursive: true });
  const snapshots = () => readdirSync(data.path).filter((name) => name.startsWith('snapshot-'));
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const ended = new Promise<unknown>((resolve) => {
      jest.spyOn(process, 'exit').mockImplementation((code) => {
        resolve(code);
        return undefined as never;
      });
    });
    // It does not come to an end: the process does.
    void backUp(new Call({ DEEPSTYLE_DATA: data.path }), join(data.path, 'backup'));
    while (snapshots().length === 0) await turn();
    process.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(143);
    expect(snapshots()).toEqual([]);
  } finally {
    process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
    jest.restoreAllMocks();
  }
});
