import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { temporaryFolder } from '@deepstyle/testkit';
import { expect, test } from '@jest/globals';
import { startProcess, waitFor } from '../pipeline/processes.ts';

test('Ctrl-C again and again while the demo closes leaves nothing in the temporary folder', async () => {
  await using folder = await temporaryFolder();
  const temporary = `${folder.path}/temporary`;
  await mkdir(temporary);
  const running = startProcess('deepstyle', ['demo', '--quick', '--exit'], { TMPDIR: temporary });
  const { child } = running;
  try {
    await waitFor('the demo', running, 120_000, async () =>
      running.output().includes('The page') ? true : null,
    );
    expect(readdirSync(temporary)).toEqual([expect.stringContaining('deepstyle-demo')]);
    const closed = once(child, 'close');
    for (const said of ['Stopping.', 'It has been closing']) {
      child.kill('SIGINT');
      // Where it closes faster than it is interrupted, that is as well.
      await waitFor('an answer', running, 60_000, async () =>
        running.output().includes(said) ? true : null,
      ).catch(() => undefined);
    }
    child.kill('SIGINT');
    expect(await closed).toEqual([130, null]);
    expect(readdirSync(temporary)).toEqual([]);
  } finally {
    await running.kill();
  }
}, 300_000);
