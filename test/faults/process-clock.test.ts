import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryFolder } from '@deepstyle/testkit';
import { expect, test } from '@jest/globals';
import { processClock } from './process-clock.ts';

/** Says how many minutes ahead of its parent it is, and what it makes of a time that it is given. */
const PROGRAM = `
  process.stdin.on('data', (data) => {
    const of = (now) => Math.round((now - Number(data)) / 60_000);
    console.log([of(Date.now()), of(new Date().getTime()), new Date(5).getTime()].join(' '));
  });`;

test('a process takes the time to be an hour off for as long as its clock is set', async () => {
  await using folder = await temporaryFolder();
  const { environment, harm } = processClock(join(folder.path, 'clock'));
  const child = spawn(process.execPath, ['-e', PROGRAM], {
    env: { PATH: '', ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  /** Asks until it says this: the file is read every so often. */
  const until = async (wanted: string): Promise<void> => {
    for (let said = ''; said !== wanted; ) {
      child.stdin.write(String(Date.now()));
      [said] = (await once(lines, 'line')) as [string];
    }
  };
  try {
    await until('0 0 5');
    for (const [kind, said] of [
      ['clock-back', '-60 -60 5'],
      ['clock-ahead', '60 60 5'],
    ] as const) {
      const mend = await harm[kind]?.();
      await until(said);
      await mend?.();
      await until('0 0 5');
    }
  } finally {
    child.kill();
  }
  expect(child.killed).toBe(true);
});
