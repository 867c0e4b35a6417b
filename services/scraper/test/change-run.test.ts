import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventType } from '@deepstyle/contracts';
import { ObjectCorruptError, type ObjectStore } from '@deepstyle/storage';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { jobDelivery, type OpenedPorts, openPorts } from '@deepstyle/testkit/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SCRAPER_SETTINGS, type ScraperSettings } from '../src/config.ts';
import { createJobs } from '../src/events.ts';
import type { Ports } from '../src/ports.ts';
import { findRuns, type Run } from '../src/records.ts';
import { recordOutcomes } from '../src/run-ledger.ts';
import { createScraper, type Scraper } from '../src/scraper.ts';
import { stageOf } from '../src/stage.ts';
import { drawJpeg } from './drawn-photos.ts';

const PHOTOS = 12;
const STORED = 'deepstyle.photo.stored.v1';
const COMPLETED = 'deepstyle.scrape.completed.v1';
const CHANGED = 'deepstyle.run.changed.v1';

let opened: OpenedPorts<ScraperSettings>;
let folder: TemporaryFolder;
let scraper: Scraper;
let runId = '';
beforeAll(async () => {
  const environment = { SCRAPER_CONCURRENCY: '2' };
  opened = await openPorts({ name: 'scraper', settings: SCRAPER_SETTINGS, environment });
  scraper = createScraper(opened.ports);
});
afterAll(() => opened.close());

/** A run of its own over a folder of its own. */
beforeEach(async () => {
  folder = await temporaryFolder('scraper-input');
  for (let i = 0; i < PHOTOS; i += 1) {
    await writeFile(join(folder.path, `${10 + i}.jpg`), await drawJpeg(i));
  }
  const sources = [{ folder: folder.path }];
  const key = crypto.randomUUID();
  const request = { idempotencyKey: key, season: 'FW2019', sources, detector: 'none' };
  ({ id: runId } = await scraper.startRun(request));
});
afterEach(() => folder.remove());

/** Delivers the job of the run. */
function collect(altered: Partial<Ports> = {}): Promise<void> {
  const ports = { ...opened.ports, ...altered };
  const [job] = createJobs(ports, createScraper(ports));
  if (job === undefined) throw new Error('no job');
  return job.handle({ runId }, jobDelivery());
}

/** Objects that are stored, and tell before each how many it will be. */
function telling(onPut: (count: number) => Promise<unknown>): ObjectStore {
  let count = 0;
  const put: ObjectStore['put'] = async (...given) => {
    count += 1;
    await onPut(count);
    return opened.ports.objects.put(...given);
  };
  return { ...opened.ports.objects, head: async () => null, put };
}

const run = async (): Promise<Run> =>
  (await opened.ports.database.transaction('test', (tx) => findRuns(tx, [runId])))[0] as Run;
async function published(type: EventType) {
  const all = await opened.published();
  return all.filter((event) => event.type === type && event.data.run.id === runId);
}
const jobs = async () =>
  (await opened.published()).flatMap(({ type, id, data }) =>
    type === 'job scrape' && data.runId === runId ? [id] : [],
  );

describe('a canceled run', () => {
  test('takes no further photograph, and resumed it ends with those of one that was never canceled', async () => {
    await collect({
      objects: telling(async (count) => (count === 5 ? scraper.cancelRun(runId) : null)),
    });
    const canceled = await run();
    expect(canceled).toMatchObject({ state: 'RUNNING', revision: 1 });
    expect(canceled.canceledAt).not.toBeNull();
    expect(stageOf(canceled)).toMatchObject({
      state: 'CANCELED',
      detail: `Canceled. To let it go on: deepstyle run resume run_${runId}`,
    });
    await collect();
    expect(await run()).toEqual(canceled);
    expect(await published(COMPLETED)).toEqual([]);

    await scraper.resumeRun(runId);
    expect(await jobs()).toEqual([`scrape:${runId}`, `scrape:${runId}:2`]);
    await collect();
    expect(await run()).toMatchObject({
      state: 'DONE',
      stored: PHOTOS,
      duplicates: 0,
      rejected: 0,
    });
    const ids = (await published(STORED)).map(({ data }) => data.photo.id);
    expect([ids.length, new Set(ids).size]).toEqual([PHOTOS, PHOTOS]);
    const changes = await published(CHANGED);
    expect(changes.map(({ data }) => [data.revision, data.state])).toEqual([
      [1, 'canceled'],
      [2, 'open'],
    ]);
  });

  test('that is resumed before its job has noticed is not closed by it', async () => {
    const { database } = opened.ports;
    let isResumed = false;
    await collect({
      objects: telling(async (count) => (count === 5 ? scraper.cancelRun(runId) : null)),
      database: {
        ...database,
        transaction: async (holder, work, ...rest) => {
          const result = await database.transaction(holder, work, ...rest);
          if (holder === 'scraper.recordOutcomes' && !isResumed) {
            isResumed = true;
            await scraper.resumeRun(runId);
          }
          return result;
        },
      },
    });
    expect(isResumed).toBe(true);
    expect(await run()).toMatchObject({ state: 'RUNNING', canceledAt: null });
    await collect();
    expect(await run()).toMatchObject({ state: 'DONE', stored: PHOTOS });
  });

  test('is not closed as given up', async () => {
    const failing = telling(async () => {
      await scraper.cancelRun(runId);
      throw new Error('a bug');
    });
    await expect(collect({ objects: failing })).rejects.toThrow('a bug');
    await scraper.giveUpRun(runId, new Error('a bug'));
    expect(await run()).toMatchObject({ state: 'RUNNING' });
  });

  test('may be canceled again, and is the same', async () => {
    const first = await scraper.cancelRun(runId);
    expect(await scraper.cancelRun(runId)).toEqual(first);
    expect(await published(CHANGED)).toHaveLength(1);
  });

  test('that had ended stays as it ended, and is not collected anew when resumed', async () => {
    await collect();
    await scraper.cancelRun(runId);
    expect(stageOf(await run()).state).toBe('DONE');
    await scraper.resumeRun(runId);
    expect(await jobs()).toEqual([`scrape:${runId}`]);
  });
});

describe('a retry', () => {
  test('takes the sources again that gave no photograph, and closes the run once more', async () => {
    const broken = join(folder.path, 'broken.jpg');
    await writeFile(broken, 'none');
    await collect();
    expect(await run()).toMatchObject({ state: 'DONE', stored: PHOTOS, rejected: 1 });
    await writeFile(broken, await drawJpeg(PHOTOS));
    expect(await scraper.retryRun(runId)).toMatchObject({ state: 'RUNNING', retries: 1 });
    expect(await jobs()).toEqual([`scrape:${runId}`, `scrape:${runId}:1`]);
    await collect();
    expect(await run()).toMatchObject({ state: 'DONE', stored: PHOTOS + 1, rejected: 0 });
    const ends = await published(COMPLETED);
    expect(ends.map(({ id, data }) => [id, data.photos, data.run.retries])).toEqual([
      [`scrape.completed:${runId}`, PHOTOS, undefined],
      [`scrape.completed:${runId}:1`, PHOTOS + 1, 1],
    ]);
  });

  test('counts anew what hosts did not give', async () => {
    const lost = {
      kind: 'rejected',
      key: 'a',
      name: 'a',
      code: 'TIMEOUT',
      reason: 'late',
    } as const;
    await recordOutcomes(opened.ports, runId, [
      { ...lost, isLost: true },
      { ...lost, key: 'b', code: 'TRUNCATED' },
    ]);
    await collect();
    await scraper.retryRun(runId);
    await collect();
    const ends = await published(COMPLETED);
    expect(ends.map(({ data }) => [data.rejected, data.lost])).toEqual([
      [2, 1],
      [0, 0],
    ]);
  });

  test('of a run whose sources all gave one closes it again at once', async () => {
    await collect();
    expect(await scraper.retryRun(runId)).toMatchObject({ state: 'DONE', retries: 1 });
    const told = (await opened.published()).slice(-2);
    expect(told.map(({ id }) => id)).toEqual([
      `run.changed:${runId}:1`,
      `scrape.completed:${runId}:1`,
    ]);
    expect(told[0]?.data).toMatchObject({ revision: 1, state: 'open', run: { retries: 1 } });
  });

  test('of a run that was given up takes the rest', async () => {
    const failing = telling(async (count) => {
      if (count > 5) throw new Error('a bug');
    });
    await expect(collect({ objects: failing })).rejects.toThrow('a bug');
    await scraper.giveUpRun(runId, new Error('a bug'));
    expect(stageOf(await run())).toMatchObject({
      state: 'FAILED',
      detail: expect.stringContaining(`deepstyle run retry run_${runId}`),
    });
    await scraper.retryRun(runId);
    await collect();
    expect(await run()).toMatchObject({ state: 'DONE', stored: PHOTOS, detail: null });
  });
});

test('a photograph whose object is there, damaged, is stored again', async () => {
  const { objects } = opened.ports;
  const written: string[] = [];
  const head: ObjectStore['head'] = async (key) => {
    throw new ObjectCorruptError(key, 'its end is missing');
  };
  const put: ObjectStore['put'] = (key, ...given) => {
    written.push(key);
    return objects.put(key, ...given);
  };
  await collect({ objects: { ...objects, head, put } });
  expect(await run()).toMatchObject({ state: 'DONE', stored: PHOTOS });
  expect(written).toHaveLength(PHOTOS);
});

test('what cannot be asked for is refused, and changes nothing', async () => {
  const refused = (asked: Promise<unknown>, reason: string) =>
    expect(asked).rejects.toMatchObject({ reason });
  await refused(scraper.resumeRun(runId), 'RUN_NOT_CANCELED');
  await refused(scraper.retryRun(runId), 'RUN_STILL_COLLECTING');
  for (const unknown of ['none', crypto.randomUUID()])
    await refused(scraper.cancelRun(unknown), 'NOT_FOUND');
  expect(await run()).toMatchObject({ revision: 0, retries: 0 });
  await scraper.cancelRun(runId);
  await refused(scraper.retryRun(runId), 'RUN_CANCELED');
});
