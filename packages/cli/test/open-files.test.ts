import { spawnSync } from 'node:child_process';
import { assetPath, processEnvironment } from '@deepstyle/platform';
import { temporaryFolder } from '@deepstyle/testkit';
import { expect, test } from '@jest/globals';

test.each([['up', '--port', '0'], ['doctor']])(
  'where few files may be open at once, %s says so in a line, with what to do',
  async (...words) => {
    await using folder = await temporaryFolder('cli-open-files');
    const { PATH = '' } = processEnvironment();
    const command = [process.execPath, assetPath('dist/deepstyle.js'), ...words, '--data'];
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', 'ulimit -n 64; exec "$@"', 'sh', ...command, `${folder.path}/data`],
      { encoding: 'utf8', env: { PATH } },
    );
    expect(stderr).toMatch(/^Too many files are open: this process may have 64 .*ulimit -n.*\n$/);
    expect(status).toBe(1);
  },
);
