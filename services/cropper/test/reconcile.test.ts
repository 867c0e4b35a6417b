import { createHash, randomUUID } from 'node:crypto';
import {
  detectorV1,
  type PhotoReference,
  type RunReference,
  scraperV1,
} from '@deepstyle/contracts';
import { createLogger } from '@deepstyle/platform';
import { serverStream, unary } from '@deepstyle/service';
import {
  type GaugeReader,
  type RunningService,
  readGauges,
  runService,
  servePeers,
  sweptFrom,
} from '@deepstyle/testkit/services';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { cropper } from '../src/index.ts';
import { runOf } from './opened-ledger.ts';

let service: RunningService;
let peers: Awaited<ReturnType<typeof servedPeers>>;
let photo: PhotoReference;
let gauges: GaugeReader;

beforeAll(async () => {
  peers = await servedPeers();
  gauges = readGauges();
  service = await runService(cropper, {
    settings: { SCRAPER_GRPC_ADDRESS: peers.address, DETECTOR_GRPC_ADDRESS: peers.address },
  });
  photo = await storedPhoto();
});
beforeEach(() => {
  peers.scraped.clear();
  peers.detected.clear();
  peers.asked.length = 0;
  peers.revision = 0;
});
afterAll(async () => {
  await service.close();
  gauges.close();
  peers.close();
});

/** A scraper and a detector that have said all there is to say of some runs, and say it again when asked. */
async function servedPeers() {
  const logger = createLogger({ level: 'silent', name: 'peers' });
  const scraped = new Map<string, RunReference>();
  const detected = new Map<string, RunReference>();
  const asked: string[] = [];
  const { address, close } = await servePeers([
    {
      definition: scraperV1.ScraperServiceService,
      implementation: {
        listRuns: serverStream(logger, async function* () {
          for (const runId of scraped.keys())
            yield {
              runId,
              photos: 1,
              closed: true,
              revision: peers.revision,
              updatedAt: peers.updatedAt,
            };
        }),
        announceRun: unary(logger, async ({ runId }: scraperV1.AnnounceRunRequest) => {
          asked.push(`scraper ${runId}`);
          const run = scraped.get(runId) as RunReference;
          await service.publish('deepstyle.photo.stored.v1', { run, photo });
          const end = { run, photos: 1, duplicates: 0, rejected: 0 };
          await service.publish('deepstyle.scrape.completed.v1', end);
          const { revision } = peers;
          if (revision > 0)
            await service.publish('deepstyle.run.changed.v1', { run, revision, state: 'canceled' });
          return { events: 2 };
        }),
      },
    },
    {
      definition: detectorV1.DetectorServiceService,
      implementation: {
        listRuns: serverStream(logger, async function* ({ runIds }: detectorV1.ListRunsRequest) {
          for (const runId of runIds)
            if (detected.has(runId)) yield { runId, photos: 1, updatedAt: peers.updatedAt };
        }),
        announceRun: unary(logger, async ({ runId }: detectorV1.AnnounceRunRequest) => {
          asked.push(`detector ${runId}`);
          const run = detected.get(runId) as RunReference;
          await service.publish('deepstyle.photo.detected.v1', { run, photo, detections: [] });
          return { events: 1 };
        }),
      },
    },
  ]);
  return {
    address,
    close,
    scraped,
    detected,
    asked,
    revision: 0,
    updatedAt: new Date(Date.now() - 600_000),
  };
}

async function storedPhoto(): Promise<PhotoReference> {
  const create = { width: 90, height: 120, channels: 3, background: '#804020' } as const;
  const bytes = await sharp({ create }).jpeg().toBuffer();
  const id = createHash('sha256').update(bytes).digest('hex');
  const image = await service.objects.put(`photos/${id.slice(0, 2)}/${id}`, bytes, 'image/jpeg');
  return { id, image, widthPx: 90, heightPx: 120, brand: null, category: 'hat' };
}

const ready = ({ id }: RunReference) =>
  service.event(({ type, data }) => type === 'deepstyle.garments.ready.v1' && data.run.id === id);

test('a run of which nothing came is asked for, comes to its end, and is not asked for again', async () => {
  const run = runOf(randomUUID());
  peers.scraped.set(run.id, run);
  await service.reconcile(3);
  expect(await ready(run)).toMatchObject({ data: { photos: 1, garments: 1 } });
  await service.reconcile(70);
  expect(peers.asked).toEqual([`scraper ${run.id}`]);
});

test('a run whose change was lost is asked for at the scraper', async () => {
  const run = runOf(randomUUID());
  peers.scraped.set(run.id, run);
  await service.reconcile(3);
  await ready(run);
  peers.revision = 1;
  // Looked at anew, as what has changed there is announced with another time.
  peers.updatedAt = new Date(peers.updatedAt.getTime() + 1);
  await service.reconcile(3);
  expect(peers.asked).toEqual([`scraper ${run.id}`, `scraper ${run.id}`]);
});

test('a run whose detections were lost is asked for at the detector', async () => {
  const run = runOf(randomUUID(), 'a'.repeat(64));
  const end = { run, photos: 1, duplicates: 0, rejected: 0 };
  await service.publish('deepstyle.scrape.completed.v1', end);
  const cropping = async () => {
    const { data } = await service.graph(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Run { cropping { expected } } } }`,
      { representations: [{ __typename: 'Run', id: `run_${run.id}` }] },
    );
    return data._entities[0].cropping;
  };
  while ((await cropping()).expected === null)
    await new Promise((resolve) => setImmediate(resolve));
  const stalled = async () => (await gauges.read('runsStalled'))[0]?.value;
  await service.reconcile(9);
  expect(await stalled()).toBe(0);
  await service.reconcile(2);
  expect(await stalled()).toBe(1);
  peers.scraped.set(run.id, run);
  peers.detected.set(run.id, run);
  await service.reconcile(3);
  expect(await ready(run)).toMatchObject({ data: { photos: 1, garments: 0 } });
  expect(peers.asked).toEqual([`detector ${run.id}`]);
  await service.reconcile(1);
  expect((await gauges.read('runsFailed'))[0]?.value).toBe(1);
});

test('says again that a run is ready, under a new id, and lists those that are', async () => {
  const run = runOf(randomUUID());
  await service.publish('deepstyle.photo.stored.v1', { run, photo });
  const end = { run, photos: 1, duplicates: 0, rejected: 0 };
  await service.publish('deepstyle.scrape.completed.v1', end);
  const first = await ready(run);
  const { listCroppedRuns, announceCroppedRun } = service.calls;
  const listed: string[] = [];
  for await (const { runId } of listCroppedRuns({ changedSince: new Date(0) })) listed.push(runId);
  expect(listed).toContain(run.id);
  expect(await announceCroppedRun({ runId: run.id })).toEqual({ events: 1 });
  const again = await service.event(
    ({ type, data, id }) =>
      type === first.type && 'run' in data && data.run.id === run.id && id !== first.id,
  );
  expect(again.data).toEqual(first.data);
  await expect(announceCroppedRun({ runId: randomUUID() })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('the image of a garment that no record names goes after days, and none of a run', async () => {
  const { id } = photo;
  const run = runOf(randomUUID(), 'b'.repeat(64));
  await service.publish('deepstyle.photo.detected.v1', {
    run,
    photo,
    detections: [{ box: [10, 10, 60, 90], category: 'dress', categoryType: 'full', score: 0.9 }],
  });
  await service.event(
    ({ type, data }) => type === 'deepstyle.garment.cropped.v1' && data.garment.photoId === id,
  );
  const orphans = [`garments/ab/${'ab'.repeat(32)}`];
  expect(await sweptFrom(service, orphans)).toEqual(orphans);
});
