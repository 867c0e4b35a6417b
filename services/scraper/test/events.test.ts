import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeepStyleError } from '@deepstyle/platform';
import type { ObjectStore } from '@deepstyle/storage';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import {
  type JobDeliveryOptions,
  jobDelivery,
  type OpenedPorts,
  openPorts,
} from '@deepstyle/testkit/services';
import { MemoryBudget } from '@deepstyle/vision';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { collectRun } from '../src/collect-run.ts';
import { SCRAPER_SETTINGS, type ScraperSettings } from '../src/config.ts';
import { RejectedSourceError } from '../src/errors.ts';
import { createJobs } from '../src/events.ts';
import { createParser } from '../src/parser/parser.ts';
import { inspectPhotograph } from '../src/photograph.ts';
import { listBegunSources } from '../src/records/begun-sources.ts';
import { findRuns, insertRun, listRejections, type Run } from '../src/records.ts';
import { createScraper } from '../src/scraper.ts';
import { createSpool } from '../src/sources/spool.ts';
import type { Inspect } from '../src/take-photo.ts';
import { drawJpeg } from './drawn-photos.ts';
import { localFetchers } from './http/local-fetchers.ts';

const PHOTOS = 12;
const { fetcher, close } = localFetchers();

let folder: TemporaryFolder;
let opened: OpenedPorts<ScraperSettings>;
beforeAll(async () => {
  folder = await temporaryFolder();
  opened = await openPorts({
    name: 'scraper',
    settings: SCRAPER_SETTINGS,
    environment: { SCRAPER_CONCURRENCY: '2' },
  });
  await mkdir(join(folder.path, 'photos'));
  for (let i = 0; i < PHOTOS; i += 1) {
    await writeFile(join(folder.path, 'photos', `${10 + i}.jpg`), await drawJpeg(i));
  }
});
afterAll(async () => {
  await close();
  await opened.close();
  await folder.remove();
});

/** Objects that fail from the `limit`-th put on. */
function failingObjects(limit: number, error: () => Error): ObjectStore {
  let puts = 0;
  const store: Pick<ObjectStore, 'head' | 'put'> = {
    head: async () => null,
    put: async (key, bytes, contentType) => {
      puts += 1;
      if (puts > limit) throw error();
      return { key, contentType, bytes: bytes.length, sha256: '' };
    },
  };
  return store as ObjectStore;
}

async function setUp(objects: ObjectStore) {
  const id = crypto.randomUUID();
  const { database } = opened.ports;
  await database.transaction('test', (tx) =>
    insertRun(tx, {
      id,
      idempotencyKey: id,
      requestDigest: null,
      season: 'FW2019',
      brand: null,
      detector: 'none',
      ganSteps: null,
      ganSkip: false,
      sources: [{ kind: 'folder', location: join(folder.path, 'photos') }],
      createdAt: new Date(),
    }),
  );
  const jobOf = (store: ObjectStore, database = opened.ports.database) => {
    const ports = { ...opened.ports, database, objects: store };
    const [job] = createJobs(ports, createScraper(ports));
    if (job === undefined) throw new Error('no job');
    return job;
  };
  return {
    completed: async () =>
      (await opened.published()).flatMap(({ type, data }) =>
        type === 'deepstyle.scrape.completed.v1' && data.run.id === id ? [data] : [],
      ),
    handle: (delivery: JobDeliveryOptions = {}, store = objects) =>
      jobOf(store).handle({ runId: id }, jobDelivery(delivery)),
    jobOf,
    runId: id,
    rejections: () => database.transaction('test', (tx) => listRejections(tx, id, 10)),
    begun: () => database.transaction('test', (tx) => listBegunSources(tx, id)),
    run: async (): Promise<Run> =>
      (await database.transaction('test', (tx) => findRuns(tx, [id])))[0]!,
  };
}

const away = () => new DeepStyleError({ code: 'UNAVAILABLE', message: 'The store is away.' });
const whole = () => failingObjects(Number.POSITIVE_INFINITY, away);

/** Objects that are never stored where they begin like these: the work stands still as if the process were killed there. */
function deadly(bytes: Uint8Array, onPut: (isDeadly: boolean) => unknown): ObjectStore {
  const store = whole();
  return {
    ...store,
    put: (key, put, contentType) => {
      const isDeadly = Buffer.from(bytes).equals(put as Uint8Array);
      onPut(isDeadly);
      return isDeadly ? new Promise(() => {}) : store.put(key, put, contentType);
    },
  };
}

type Handle = Awaited<ReturnType<typeof setUp>>['handle'];

/** The process is as good as killed once it stores these bytes. */
function killedAt(bytes: Uint8Array, handle: Handle): Promise<void> {
  return new Promise((resolve) => {
    void handle(
      {},
      deadly(bytes, (isDeadly) => isDeadly && resolve()),
    );
  });
}

describe('a source that kills the process', () => {
  test('again and again is rejected as CRASHED, and the rest goes on', async () => {
    const { handle, run, rejections } = await setUp(whole());
    const poison = await drawJpeg(3);
    for (let kills = 1; kills <= 4; kills += 1) {
      await killedAt(poison, handle);
      // From the second time on those before it are safe.
      const { state, stored } = await run();
      expect(state).toBe('RUNNING');
      expect(stored).toBeGreaterThanOrEqual(kills > 1 ? 3 : 0);
    }
    await handle();
    expect(await run()).toMatchObject({ state: 'DONE', stored: PHOTOS - 1, rejected: 1 });
    expect(await rejections()).toMatchObject([{ name: 'photos/13.jpg', code: 'CRASHED' }]);
  });

  test('three times, by chance, is taken in the end', async () => {
    const { handle, run } = await setUp(whole());
    const poison = await drawJpeg(3);
    for (let kills = 1; kills <= 3; kills += 1) await killedAt(poison, handle);
    await handle();
    expect(await run()).toMatchObject({ state: 'DONE', stored: PHOTOS, rejected: 0 });
  });

  test('once is inspected in a process of its own', async () => {
    const { handle, run, runId, rejections } = await setUp(whole());
    const poison = await drawJpeg(3);
    await killedAt(poison, handle);
    const inspected: Uint8Array[] = [];
    const inspectSuspect: Inspect = async (bytes, limits) => {
      inspected.push(bytes);
      if (!poison.equals(bytes)) return inspectPhotograph(bytes, limits);
      throw new RejectedSourceError('CRASHED', 'The process that inspected it was killed.');
    };
    const ports = { ...opened.ports, objects: whole() };
    const shared = {
      photoMemory: new MemoryBudget(1e9),
      inspectSuspect,
      atWork: new Set<string>(),
    };
    const readers = { fetcher: fetcher().fetcher, parser: createParser(), spool: createSpool() };
    await collectRun(ports, { ...readers, ...shared }, runId, new AbortController().signal);
    expect(inspected).toContainEqual(poison);
    expect(await run()).toMatchObject({ state: 'DONE', stored: PHOTOS - 1, rejected: 1 });
    expect(await rejections()).toMatchObject([{ name: 'photos/13.jpg', code: 'CRASHED' }]);
  });

  test('sources at work when the process is asked to stop are no suspects', async () => {
    const { handle, run, begun } = await setUp(whole());
    for (let stops = 0; stops < 3; stops += 1) {
      const stopping = new AbortController();
      const store = failingObjects(2, () => {
        stopping.abort(new Error('the process is stopping'));
        return away();
      });
      await expect(handle({ signal: stopping.signal }, store)).rejects.toMatchObject({
        code: 'CANCELLED',
      });
      expect(await begun()).toEqual([]);
    }
    await handle();
    expect(await run()).toMatchObject({ state: 'DONE', stored: PHOTOS, rejected: 0 });
  });

  test('sources at work when the database goes away, again and again, are no suspects', async () => {
    const { jobOf, run, runId } = await setUp(whole());
    const { database } = opened.ports;
    let isAway = false;
    const store = whole();
    // Away from the first picture on, so that nothing can be recorded or put back.
    const put: ObjectStore['put'] = (...given) => {
      isAway = true;
      return store.put(...given);
    };
    const job = jobOf(
      { ...store, put },
      {
        ...database,
        transaction: (holder, ...rest) =>
          isAway ? Promise.reject(away()) : database.transaction(holder, ...rest),
      },
    );
    for (let outages = 0; outages < 3; outages += 1) {
      await expect(job.handle({ runId }, jobDelivery())).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      });
      isAway = false;
    }
    const goingOn = jobOf(store);
    await goingOn.handle({ runId }, jobDelivery());
    expect(await run()).toMatchObject({ state: 'DONE', stored: PHOTOS, rejected: 0 });
  });
});

describe('the scrape job', () => {
  test('waits where a store is away, however often, keeps what it has, and goes on with the rest', async () => {
    const { handle, run, completed } = await setUp(failingObjects(5, away));
    await expect(handle({ isLast: true })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const halfway = await run();
    expect(halfway.state).toBe('RUNNING');
    expect(halfway.stored).toBeGreaterThan(0);
    await handle({}, whole());
    expect(await run()).toMatchObject({ state: 'DONE', stored: PHOTOS, duplicates: 0 });
    expect(await completed()).toMatchObject([{ photos: PHOTOS }]);
  });

  test('gives up after several failures, and the run goes its way with what it has', async () => {
    const { handle, run, completed } = await setUp(failingObjects(5, () => new Error('a bug')));
    await expect(handle()).rejects.toThrow('a bug');
    await handle({ isLast: true });
    const { state, detail, stored } = await run();
    expect([state, detail]).toEqual([
      'FAILED',
      expect.stringMatching(/^Collecting was given up: /),
    ]);
    expect(await completed()).toMatchObject([{ photos: stored }]);
  });

  test('gives up at once where another attempt cannot help', async () => {
    const broken = () => new DeepStyleError({ code: 'DATA_LOSS', message: 'It is gone.' });
    const { handle, run } = await setUp(failingObjects(0, broken));
    await handle();
    expect(await run()).toMatchObject({ state: 'FAILED', stored: 0 });
  });

  test('stopped in the middle, leaves the run open whatever the attempt', async () => {
    const stopping = new AbortController();
    const store = failingObjects(4, () => {
      stopping.abort(new Error('the process is stopping'));
      return away();
    });
    const { handle, run, completed } = await setUp(store);
    await expect(handle({ isLast: true, signal: stopping.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect((await run()).state).toBe('RUNNING');
    expect(await completed()).toEqual([]);
  });

  test('delivered again after the end, does nothing', async () => {
    const { handle, run, completed } = await setUp(whole());
    await handle();
    await handle();
    expect(await completed()).toHaveLength(1);
    expect(await run()).toMatchObject({ state: 'DONE', stored: PHOTOS });
  });
});
