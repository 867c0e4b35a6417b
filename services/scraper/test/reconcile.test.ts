import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { scraperV1 } from '@deepstyle/contracts';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { loseJob, queuedJobIds, readGauges, sweptFrom } from '@deepstyle/testkit/services';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { drawJpeg } from './drawn-photos.ts';
import { runScraper } from './running-scraper.ts';

const PHOTOS = 3;
const MINUTE_MS = 60_000;
const STORED = 'deepstyle.photo.stored.v1';
const CHANGED = 'deepstyle.run.changed.v1';
const COMPLETED = 'deepstyle.scrape.completed.v1';

let data: TemporaryFolder;
let input: TemporaryFolder;
beforeEach(async () => {
  data = await temporaryFolder('scraper-data');
  input = await temporaryFolder('scraper-input');
  for (let i = 0; i < PHOTOS; i += 1) {
    await writeFile(join(input.path, `${i}.jpg`), await drawJpeg(i));
  }
});
afterEach(async () => {
  await input.remove();
  await data.remove();
});

/** A run that was started at a service that answers and takes no jobs. */
async function started() {
  const scraper = await runScraper({
    dataFolder: data.path,
    settings: { DEEPSTYLE_ROLE: 'api' },
  });
  const { run } = await scraper.startRun({ sources: [{ folder: input.path }] });
  return { ...scraper, runId: run?.id ?? '' };
}

test('a run whose job was lost gets another, and goes on', async () => {
  const api = await started();
  await loseJob(api.bus, 'scraper', 'scrape');
  await api.reconcile(3);
  await api.close();
  const scraper = await runScraper({ dataFolder: data.path });
  expect(await scraper.finished(api.runId)).toMatchObject({
    scraping: { state: 'DONE', done: PHOTOS },
  });
  await scraper.close();
});

test('a run whose job waits for a worker is left alone', async () => {
  const api = await started();
  await api.reconcile(3);
  const ids = await queuedJobIds(api.bus, 'scrape');
  expect(ids.filter((id) => id.includes('~again-'))).toEqual([]);
  await api.close();
});

test('a canceled run is canceled in the graph, and gets no further job until it is resumed', async () => {
  const api = await started();
  const change = (name: string) => api.changeRun(name, api.runId);
  expect(await api.changeRun('cancelRun', api.runId, null)).toBe('UNAUTHENTICATED');
  expect(await change('cancelRun')).toMatchObject({
    run: { canceledAt: expect.any(String), scraping: { state: 'CANCELED' } },
    userErrors: [],
  });
  expect(await change('retryRun')).toEqual({ run: null, userErrors: [{ code: 'RUN_CANCELED' }] });
  await loseJob(api.bus, 'scraper', 'scrape');
  await api.reconcile(3);
  expect(await queuedJobIds(api.bus, 'scrape')).toEqual([]);
  expect(await change('resumeRun')).toMatchObject({ run: { canceledAt: null } });
  await loseJob(api.bus, 'scraper', 'scrape');
  await api.reconcile(3);
  expect(await queuedJobIds(api.bus, 'scrape')).toHaveLength(1);
  await api.close();
});

test('a run that failed is counted until it is tried again', async () => {
  const gauges = readGauges();
  const scraper = await runScraper({ dataFolder: data.path });
  const failed = async () => {
    await scraper.reconcile(1);
    return (await gauges.read('runsFailed'))[0]?.value;
  };
  const folder = join(input.path, 'texts');
  await mkdir(folder);
  await writeFile(join(folder, 'a.txt'), 'a');
  const { run } = await scraper.startRun({ sources: [{ folder }] });
  const id = run?.id ?? '';
  await scraper.finished(id);
  expect(await failed()).toBe(1);
  await writeFile(join(folder, 'b.jpg'), await drawJpeg(0));
  await scraper.changeRun('retryRun', id);
  await scraper.event(() => scraper.eventIds(COMPLETED, id).length === 2);
  expect(await failed()).toBe(0);
  await scraper.close();
  gauges.close();
});

test('what was announced of a run is told by gRPC, and announced again under new ids', async () => {
  const scraper = await runScraper({ dataFolder: data.path });
  const { run } = await scraper.startRun({ sources: [{ folder: input.path }] });
  const id = run?.id ?? '';
  await scraper.finished(id);
  const runId = id.slice(4);
  const listed = async (changedSince: Date) => {
    const runs: scraperV1.ListRunsResponse[] = [];
    for await (const one of scraper.calls.listScrapedRuns({ changedSince })) runs.push(one);
    return runs;
  };
  expect(await listed(new Date(0))).toMatchObject([
    { runId, photos: PHOTOS, closed: true, revision: 0 },
  ]);
  expect(await listed(new Date(Date.now() + MINUTE_MS))).toEqual([]);
  const announce = (asked: string, revision = 0) =>
    scraper.calls.announceScrapedRun({ runId: asked, revision });
  expect(await announce(runId)).toEqual({ events: PHOTOS + 1 });
  await scraper.event(() => scraper.eventIds(COMPLETED, id).length === 2);
  const [first, again] = scraper.events(COMPLETED, id);
  expect(again).toEqual(first);
  expect(scraper.eventIds(COMPLETED, id)[1]).toMatch(/^scrape\.completed:.*~again-\d+$/);
  const photos = scraper.events(STORED, id);
  expect(photos).toHaveLength(2 * PHOTOS);
  const byId = (some: typeof photos) => some.toSorted((a, b) => (a.photo.id < b.photo.id ? -1 : 1));
  expect(byId(photos.slice(PHOTOS))).toEqual(byId(photos.slice(0, PHOTOS)));

  await scraper.changeRun('retryRun', id);
  expect(await listed(new Date(0))).toMatchObject([{ runId, closed: true, revision: 1 }]);
  expect(await announce(runId, 1)).toEqual({ events: 1 + PHOTOS + 1 });
  await scraper.event(() => scraper.eventIds(CHANGED, id).length === 2);
  expect(scraper.eventIds(CHANGED, id)[1]).toBe(`run.changed:${runId}:1~change-1`);
  await expect(announce(crypto.randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await scraper.close();
});

test('a photograph that no record names goes after days, and none of a run', async () => {
  const scraper = await runScraper({ dataFolder: data.path });
  const { run } = await scraper.startRun({ sources: [{ folder: input.path }] });
  await scraper.finished(run?.id ?? '');
  const orphans = [`photos/ab/${'ab'.repeat(32)}`];
  expect(await sweptFrom(scraper, orphans)).toEqual(orphans);
  await scraper.close();
});
