import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { drawSeasons, temporaryFolder, writeFolder } from '@deepstyle/testkit';
import { expect, test } from '@jest/globals';
import { startProcess, waitFor } from '../pipeline/processes.ts';
import { ask, finishRun, startRun } from '../pipeline/scenario.ts';
import { SMALL_GAN, startEmbedded } from '../pipeline/systems.ts';

const SEASON = 'FW2026';

/** A command, to its end. */
async function run(...args: readonly string[]): Promise<void> {
  const running = startProcess('deepstyle', args, {});
  const [code] = await once(running.child, 'close');
  expect([code, code === 0 ? '' : running.output()]).toEqual([0, '']);
}

test('a backup that is taken while a run goes on restores a folder in which that run ends the same', async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  const drawn = await drawSeasons({ seed: 4, seasons: [SEASON], perSeason: 30 });
  await writeFolder(`${path}/drawn`, drawn);
  const request = {
    folder: `${path}/drawn/${SEASON}`,
    ...{ season: SEASON, idempotencyKey: 'k', steps: 6 },
  };
  const system = await startEmbedded(`${path}/data`, SMALL_GAN);
  try {
    const started = await startRun(system, request);
    await waitFor('a photograph', system.processes[0]!, 60_000, async () => {
      const { run: found } = await ask<{ run: { photoCounts: { stored: number } } }>(
        system,
        'query ($id: ID!) { run(id: $id) { photoCounts { stored } } }',
        { id: started },
      );
      return found.photoCounts.stored > 0 ? true : null;
    });
    await run('backup', `${path}/backup.tar`, '--data', `${path}/data`);
    expect(readdirSync(`${path}/data`).filter((name) => name.startsWith('snapshot'))).toEqual([]);
    const expected = await finishRun(system, started);
    await system.stop();
    await run('restore', `${path}/backup.tar`, '--data', `${path}/restored`);
    expect(existsSync(`${path}/restored/database/lock`)).toBe(false);
    const restored = await startEmbedded(`${path}/restored`, SMALL_GAN);
    try {
      const again = await startRun(restored, request);
      expect(again).toBe(started);
      expect(await finishRun(restored, again)).toEqual(expected);
    } finally {
      await restored.stop();
    }
  } finally {
    await system.stop();
  }
}, 600_000);
