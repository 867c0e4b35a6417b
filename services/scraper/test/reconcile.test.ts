import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { loseJob, queuedJobIds } from '@deepstyle/testkit/services';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { drawJpeg } from './drawn-photos.ts';
import { runScraper } from './running-scraper.ts';

const PHOTOS = 3;
const MINUTE_MS = 60_000;

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

/** The service as it answers, without taking jobs; its clock goes on by a minute with each comparison. */
async function answering() {
  let minutes = 0;
  const scraper = await runScraper({
    dataFolder: data.path,
    settings: { DEEPSTYLE_ROLE: 'api' },
    clock: () => new Date(Date.now() + minutes * MINUTE_MS),
  });
  const { run } = await scraper.startRun({ sources: [{ folder: input.path }] });
  return {
    ...scraper,
    runId: run?.id ?? '',
    reconcile: async () => {
      minutes += 1;
      await scraper.reconcile();
    },
  };
}

test('a run whose job was lost gets another, and goes on', async () => {
  const api = await answering();
  await loseJob(api.bus, 'scraper', 'scrape');
  for (const _ of [1, 2, 3]) await api.reconcile();
  await api.close();
  const scraper = await runScraper({ dataFolder: data.path });
  expect(await scraper.finished(api.runId)).toMatchObject({
    scraping: { state: 'DONE', done: PHOTOS },
  });
  await scraper.close();
});

test('a run whose job waits for a worker is left alone', async () => {
  const api = await answering();
  for (const _ of [1, 2, 3]) await api.reconcile();
  const ids = await queuedJobIds(api.bus, 'scrape');
  expect(ids.filter((id) => id.includes('~again-'))).toEqual([]);
  await api.close();
});
