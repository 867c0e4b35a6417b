import { createHash, randomUUID } from 'node:crypto';
import { encodeEvent, type PhotoReference, type RunReference } from '@deepstyle/contracts';
import { listen } from './announcements.ts';
import { type DetectorProcess, startDetector } from './detector-processes.ts';
import { checkEachOnce } from './each-once.ts';
import { MS_PER_IMAGE } from './simulated-network.ts';
import type { Stores } from './stores.ts';

/** What a number of workers did with the photographs of a run. */
export interface Pass {
  readonly workers: number;
  /** From the first photograph's event to the last one's announcement. */
  readonly seconds: number;
  readonly photosPerSecond: number;
  /** Photographs that each worker looked at. */
  readonly byWorker: readonly number[];
  /** Share of the time in which a worker's network was at work, of the busiest worker, in [0, 1]. */
  readonly networkBusy: number;
}

const LIMIT_MS = 180_000;
const PUBLISHED_AT_ONCE = 64;

/**
 * Starts workers, then publishes the photographs as the scraper does, and waits until all are announced as detected.
 *
 * @throws where a photograph was looked at, recorded or announced other than once, where a process ends, or out of time
 */
export async function measurePass(
  count: number,
  photos: readonly PhotoReference[],
  api: DetectorProcess,
  stores: Stores,
): Promise<Pass> {
  const run = newRun();
  const workers = await startWorkers(count, stores);
  const stopping = AbortSignal.timeout(LIMIT_MS);
  const { detected, complete, closed } = listen(stores.bus, run, photos.length, stopping);
  let seconds: number;
  try {
    const begin = performance.now();
    await publishPhotos(run, photos, stores);
    const failures = [api, ...workers].map(({ failure }) => failure);
    await Promise.race([complete, ...failures]);
    seconds = (performance.now() - begin) / 1000;
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
  await closeRun(run, photos.length, stores);
  await closed;
  const byWorker = workers.map(({ looked }) => looked.length);
  await checkEachOnce(
    { run, photos, looked: workers.flatMap(({ looked }) => looked), detected },
    stores,
  );
  return {
    workers: count,
    seconds,
    photosPerSecond: photos.length / seconds,
    byWorker,
    networkBusy: (Math.max(...byWorker) * MS_PER_IMAGE) / 1000 / seconds,
  };
}

/** With a model of its own: what a model has seen before it would not look at again. */
function newRun(): RunReference {
  const id = randomUUID();
  const model = createHash('sha256').update(id).digest('hex');
  const gan = { steps: null, skip: true };
  return { id, season: 'SS2026', brand: null, detector: model, gan };
}

async function startWorkers(count: number, stores: Stores): Promise<DetectorProcess[]> {
  const starts = Array.from({ length: count }, () => startDetector('worker', stores.environment));
  const started = await Promise.allSettled(starts);
  const workers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed === undefined) return workers;
  await Promise.all(workers.map((worker) => worker.stop()));
  throw failed.reason;
}

async function publishPhotos(
  run: RunReference,
  photos: readonly PhotoReference[],
  { bus }: Stores,
): Promise<void> {
  for (let first = 0; first < photos.length; first += PUBLISHED_AT_ONCE) {
    const some = photos.slice(first, first + PUBLISHED_AT_ONCE);
    await Promise.all(
      some.map((photo) =>
        bus.publish(encodeEvent({ type: 'deepstyle.photo.stored.v1', data: { run, photo } })),
      ),
    );
  }
}

async function closeRun(run: RunReference, photos: number, { bus }: Stores): Promise<void> {
  const data = { run, photos, duplicates: 0, rejected: 0 };
  await bus.publish(encodeEvent({ type: 'deepstyle.scrape.completed.v1', data }));
}
