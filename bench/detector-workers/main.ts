/**
 * Two detector workers share the photographs of a run, against one worker with the same: real servers, a process for each
 * worker and for the api, and the service's own code, but for the network, which is a fixed time for each photograph
 * (simulated-network.ts). Two are to be at least 1.8 times as fast, and no photograph may be looked at twice: that is an
 * error. Option: --photos N (default 2000)
 */
import { createLogger, ShutdownStack } from '@deepstyle/platform';
import { option } from '../engine/options.ts';
import { startDetector } from './detector-processes.ts';
import { measurePass } from './pass.ts';
import { storePhotos } from './photos.ts';
import { MS_PER_IMAGE } from './simulated-network.ts';
import { startStores } from './stores.ts';

const CLOSE_LIMIT_MS = 30_000;
const DEFAULT_PHOTOS = 2000;
const MEASURE = 'photographs a second';

export async function run(args: readonly string[]) {
  const logger = createLogger({ level: 'warn', name: 'bench' });
  const stack = new ShutdownStack(logger, CLOSE_LIMIT_MS);
  try {
    const stores = await startStores(stack);
    const api = await startDetector('api', stores.environment);
    stack.defer('api', () => api.stop());
    const photos = await storePhotos(
      stores.objects,
      Number(option(args, '--photos') ?? DEFAULT_PHOTOS),
    );
    const one = await measurePass(1, photos, api, stores);
    const two = await measurePass(2, photos, api, stores);
    return {
      peer: 'one worker',
      ratios: { [MEASURE]: two.photosPerSecond / one.photosPerSecond },
      memory: {},
      ours: { [MEASURE]: two.photosPerSecond },
      theirs: { [MEASURE]: one.photosPerSecond },
      photos: photos.length,
      msPerPhoto: MS_PER_IMAGE,
      passes: [one, two],
    };
  } finally {
    await stack.close();
  }
}
