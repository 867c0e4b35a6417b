import { randomUUID } from 'node:crypto';
import { type RunReference, scraperV1 } from '@deepstyle/contracts';
import { createLogger } from '@deepstyle/platform';
import { serverStream, unary } from '@deepstyle/service';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import {
  loseJob,
  queuedJobIds,
  type RunningService,
  readGauges,
  runService,
  servePeers,
} from '@deepstyle/testkit/services';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { detector } from '../src/index.ts';
import { drawImage, storePhoto } from './drawn-dataset.ts';
import { runOf } from './running-detector.ts';
import { TINY_SETTINGS } from './tiny-hyperparameters.ts';

/** No such model: each photograph of its run fails, which ends it as well as any other. */
const UNKNOWN_MODEL = 'f'.repeat(64);

let data: TemporaryFolder;
let peers: Awaited<ReturnType<typeof servedScraper>>;
let service: RunningService;

beforeAll(async () => {
  peers = await servedScraper();
});
beforeEach(async () => {
  data = await temporaryFolder('detector-data');
});
afterEach(async () => {
  await service.close();
  await data.remove();
});
afterAll(() => peers.close());

async function start(role: string): Promise<void> {
  service = await runService(detector, {
    dataFolder: data.path,
    settings: { ...TINY_SETTINGS, DEEPSTYLE_ROLE: role, SCRAPER_GRPC_ADDRESS: peers.address },
  });
}

/** A scraper that has closed some runs of one photograph, and says so again when asked. */
async function servedScraper() {
  const logger = createLogger({ level: 'silent', name: 'peers' });
  const closed = new Map<string, RunReference>();
  const asked: string[] = [];
  const updatedAt = new Date(Date.now() - 600_000);
  const { address, close } = await servePeers([
    {
      definition: scraperV1.ScraperServiceService,
      implementation: {
        listRuns: serverStream(logger, async function* () {
          for (const runId of closed.keys())
            yield { runId, photos: 1, closed: true, revision: 0, updatedAt };
        }),
        announceRun: unary(logger, async ({ runId }: scraperV1.AnnounceRunRequest) => {
          asked.push(runId);
          await announce(closed.get(runId) as RunReference);
          return { events: 2 };
        }),
      },
    },
  ]);
  return { address, close, closed, asked };
}

async function announce(run: RunReference): Promise<void> {
  const photo = await storePhoto(service.objects, (await drawImage(1)).png);
  await service.publish('deepstyle.photo.stored.v1', { run, photo });
  const end = { run, photos: 1, duplicates: 0, rejected: 0 };
  await service.publish('deepstyle.scrape.completed.v1', end);
}

const failed = ({ id }: RunReference) =>
  service.event(({ type, data }) => type === 'deepstyle.photo.failed.v1' && data.run.id === id);

test('photographs whose job was lost get another, and are settled', async () => {
  await start('api');
  const run = runOf(randomUUID(), UNKNOWN_MODEL);
  await announce(run);
  await loseJob(service.bus, 'detector', 'detector-detect');
  await service.reconcile(3);
  expect(await queuedJobIds(service.bus, 'detector-detect')).toEqual([
    expect.stringMatching(new RegExp(`^detector-detect:${run.id}~again-`)),
  ]);
  await service.close();
  const gauges = readGauges();
  await start('all');
  expect(await failed(run)).toMatchObject({ data: { stage: 'detect' } });
  await service.reconcile(1);
  expect((await gauges.read('runsFailed'))[0]?.value).toBe(1);
  gauges.close();
});

test('photographs whose job waits for a worker are left alone, and stalled when none comes', async () => {
  const gauges = readGauges();
  await start('api');
  await announce(runOf(randomUUID(), UNKNOWN_MODEL));
  while ((await queuedJobIds(service.bus, 'detector-detect')).length === 0)
    await new Promise((resolve) => setImmediate(resolve));
  await service.reconcile(9);
  const stalled = async () => (await gauges.read('runsStalled'))[0]?.value;
  expect(await stalled()).toBe(0);
  await service.reconcile(3);
  expect(await stalled()).toBe(1);
  expect(await queuedJobIds(service.bus, 'detector-detect')).toHaveLength(1);
  gauges.close();
});

test('a run of which nothing came is asked for once, and how it ended is told again when asked', async () => {
  await start('all');
  const run = runOf(randomUUID(), UNKNOWN_MODEL);
  peers.closed.set(run.id, run);
  await service.reconcile(1);
  const first = await failed(run);
  await service.reconcile(70);
  expect(peers.asked).toEqual([run.id]);

  const { listDetectedRuns, announceDetectedRun } = service.calls;
  const listed: object[] = [];
  for await (const one of listDetectedRuns({ runIds: [run.id, randomUUID()] })) listed.push(one);
  expect(listed).toMatchObject([{ runId: run.id, photos: 1 }]);
  expect(await announceDetectedRun({ runId: run.id, revision: 0 })).toEqual({ events: 1 });
  const again = await service.event(({ type, id }) => type === first.type && id !== first.id);
  expect(again.data).toEqual(first.data);
  await expect(announceDetectedRun({ runId: randomUUID(), revision: 0 })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});
