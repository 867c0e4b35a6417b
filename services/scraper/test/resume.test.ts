import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { drawJpeg } from './drawn-photos.ts';
import { type RunningScraper, runScraper } from './running-scraper.ts';

const PHOTOS = 240;
const STORED = 'deepstyle.photo.stored.v1';
const COMPLETED = 'deepstyle.scrape.completed.v1';

let data: TemporaryFolder;
let input: TemporaryFolder;
beforeEach(async () => {
  data = await temporaryFolder('scraper-data');
  input = await temporaryFolder('scraper-input');
  for (let i = 0; i < PHOTOS; i += 1) {
    await writeFile(join(input.path, `${i}.jpg`), await drawJpeg(i, 64 + (i % 7), 96));
  }
  await writeFile(join(input.path, 'copy.jpg'), await drawJpeg(0));
  await writeFile(join(input.path, 'notes.txt'), 'notes');
});
afterEach(async () => {
  await input.remove();
  await data.remove();
});

async function expectWhole(scraper: RunningScraper, runId: string): Promise<void> {
  const done = await scraper.finished(runId);
  expect(done).toMatchObject({
    scraping: { state: 'DONE', expected: PHOTOS + 2, done: PHOTOS + 1, failed: 1 },
    photoCounts: { stored: PHOTOS, duplicates: 1, rejected: 1 },
  });
  expect(new Set(scraper.events(STORED, runId).map(({ photo }) => photo.id)).size).toBe(PHOTOS);
  expect(scraper.events(COMPLETED, runId)[0]).toMatchObject({ photos: PHOTOS });
}

/** A process of its own with the service, which starts (or goes on with) the run and tells how far it is. */
async function startProcess(): Promise<ChildProcess> {
  const script = join(input.path, '.scraping.mts');
  await writeFile(
    script,
    `import { runScraper } from ${JSON.stringify(join(import.meta.dirname, 'running-scraper.ts'))};
    const scraper = await runScraper({ dataFolder: ${JSON.stringify(data.path)} });
    const sources = [{ folder: ${JSON.stringify(input.path)} }];
    const { run } = await scraper.startRun({ idempotencyKey: 'run', sources });
    const query = 'query ($id: ID!) { run(id: $id) { scraping { done } } }';
    for (;;) {
      const { scraping } = (await scraper.query(query, run)).run;
      process.stdout.write('done ' + scraping.done + '\\n');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }`,
  );
  return spawn(process.execPath, ['--conditions=deepstyle:source', '--import', 'tsx', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '../../..'),
  });
}

/** Kills a process (-9) as soon as it has recorded so many sources. */
async function killedAt(count: number): Promise<number> {
  const child = await startProcess();
  let done = 0;
  for await (const line of child.stdout as AsyncIterable<Buffer>) {
    done = Number(/done (\d+)\n$/.exec(line.toString())?.[1] ?? done);
    if (done >= count) break;
  }
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return done;
}

describe('a run goes on', () => {
  test('after its process was killed, with everything once', async () => {
    expect(await killedAt(1)).toBeGreaterThanOrEqual(1);
    const scraper = await runScraper({ dataFolder: data.path });
    try {
      const { run } = await scraper.startRun({
        idempotencyKey: 'run',
        sources: [{ folder: input.path }],
      });
      await expectWhole(scraper, run!.id);
    } finally {
      await scraper.close();
    }
  }, 120_000);

  test('after its process was asked to stop', async () => {
    const first = await runScraper({ dataFolder: data.path });
    const { run } = await first.startRun({
      idempotencyKey: 'run',
      sources: [{ folder: input.path }],
    });
    await first.close();
    const second = await runScraper({ dataFolder: data.path });
    try {
      await expectWhole(second, run!.id);
    } finally {
      await second.close();
    }
  }, 120_000);
});
