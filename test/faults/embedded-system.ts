import { join } from 'node:path';
import { openDatabaseServer, openObjects } from '@deepstyle/storage';
import { temporaryFolder } from '@deepstyle/testkit';
import getPort from 'get-port';
import { startProcess } from '../pipeline/processes.ts';
import { CAMPAIGN_SETTINGS, type DisturbedSystem, type SystemOptions } from './disturbed-system.ts';
import { processClock } from './process-clock.ts';
import { readEmbeddedBus } from './read-bus.ts';
import { readSnapshot } from './read-snapshot.ts';
import { answers, type Supervised, supervise } from './supervised.ts';
import { canFillDisk, fillDisk, untilReady } from './target.ts';

/** So many times as often as anything else. */
const KILLS = 9;
const TOKEN = 'token-of-the-campaign';

/** One process over a data folder, which is killed again and again. */
export async function startEmbeddedSystem(options: SystemOptions = {}): Promise<DisturbedSystem> {
  const folder = await temporaryFolder('deepstyle-campaign');
  const data = join(folder.path, 'data');
  const port = await getPort({ host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const clock = processClock(join(folder.path, 'clock'));
  const environment = {
    ...CAMPAIGN_SETTINGS,
    ...options.settings,
    ...clock.environment,
    LOG_LEVEL: 'warn',
    API_TOKEN: TOKEN,
  };
  const args = ['up', '--port', String(port), '--data', data];
  const supervised: Supervised = supervise({
    name: 'deepstyle',
    // What a machine does to a process most often is to end it.
    kinds: [...Array.from({ length: KILLS }, () => 'kill' as const), 'stop', 'restart', 'pause'],
    harm: {
      ...clock.harm,
      ...(canFillDisk() ? { 'disk-full': () => fillDisk(supervised.pid()) } : {}),
    },
    start: () => startProcess('deepstyle', args, environment, options.build),
    isReady: () => answers(`${url}/readyz`),
  });
  await untilReady(supervised);
  return {
    url,
    token: TOKEN,
    targets: [supervised],
    unavailable: [
      'network, credentials: one process has none',
      ...(canFillDisk() ? [] : ['disk-full: prlimit is not installed']),
    ],
    readSnapshot: async () => {
      await supervised.stop();
      try {
        return await readFolder(data);
      } finally {
        await supervised.start();
        await untilReady(supervised);
      }
    },
    output: supervised.output,
    close: async () => {
      await supervised.close();
      await folder.remove();
    },
  };
}

async function readFolder(dataFolder: string) {
  const databases = await openDatabaseServer({ dataFolder });
  const { store } = await openObjects({ dataFolder, publicUrl: 'http://127.0.0.1' });
  try {
    return await readSnapshot({
      databases,
      objects: store,
      readBus: () => readEmbeddedBus(databases),
    });
  } finally {
    await store.close();
    await databases.close();
  }
}
