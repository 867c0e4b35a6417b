import { setTimeout as sleep } from 'node:timers/promises';
import { drawSeasons, temporaryFolder, writeFolder } from '@deepstyle/testkit';
import { expect, test } from '@jest/globals';
import { startProcess } from '../pipeline/processes.ts';

const SEASON = 'FW2026';

test('a run ends on a machine that lets its process run for a fifth of the time, without a warning of transactions', async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await writeFolder(
    `${path}/drawn`,
    await drawSeasons({ seed: 4, seasons: [SEASON], perSeason: 8 }),
  );
  const what = ['run', '--photos', `${path}/drawn/${SEASON}`, '--season', SEASON];
  const how = ['--detector', 'none', '--skip-gan', '--json', '--data', `${path}/data`];
  const running = startProcess('deepstyle', [...what, ...how], {});
  const { child } = running;
  while (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGSTOP');
    await sleep(80);
    child.kill('SIGCONT');
    await sleep(20);
  }
  expect([child.exitCode, running.output()]).toEqual([
    0,
    expect.stringMatching(/"trendBatches":1\b/),
  ]);
  expect(running.output()).not.toMatch(/transaction|rolled back/i);
}, 600_000);
