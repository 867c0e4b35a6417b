import {
  cropperV1,
  type EventData,
  ganTrainerV1,
  type RunReference,
  scraperV1,
} from '@deepstyle/contracts';
import { createLogger } from '@deepstyle/platform';
import { serverStream, unary } from '@deepstyle/service';
import {
  type GaugeReader,
  loseJob,
  queuedJobIds,
  type RunningService,
  readGauges,
  runService,
  servePeers,
} from '@deepstyle/testkit/services';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { gallery } from '../src/index.ts';
import { runOf } from './drawn-run.ts';

const KIND = 'gallery-publish';

let service: RunningService;
let gauges: GaugeReader;
let peers: Awaited<ReturnType<typeof servedPeers>>;
beforeAll(async () => {
  peers = await servedPeers();
  gauges = readGauges();
  service = await runService(gallery, {
    settings: {
      DEEPSTYLE_ROLE: 'api',
      CROPPER_GRPC_ADDRESS: peers.address,
      GAN_TRAINER_GRPC_ADDRESS: peers.address,
      SCRAPER_GRPC_ADDRESS: peers.address,
    },
  });
});
afterAll(async () => {
  await service.close();
  gauges.close();
  peers.close();
});

/** A cropper and a trainer that are done with some runs without garments, a scraper of changed ones: they say so again when asked. */
async function servedPeers() {
  const logger = createLogger({ level: 'silent', name: 'peers' });
  const done = new Map<string, RunReference>();
  const changes = new Map<string, EventData<'deepstyle.run.changed.v1'>>();
  const asked: string[] = [];
  const updatedAt = new Date(Date.now() - 600_000);
  const listRuns = serverStream(logger, async function* () {
    for (const runId of done.keys()) yield { runId, updatedAt };
  });
  const announcing = (peer: string, announce: (run: RunReference) => Promise<void>) =>
    unary(logger, async ({ runId }: cropperV1.AnnounceRunRequest) => {
      asked.push(`${peer} ${runId}`);
      await announce(done.get(runId) as RunReference);
      return { events: 1 };
    });
  const { address, close } = await servePeers([
    {
      definition: cropperV1.CropperServiceService,
      implementation: {
        listGarments: serverStream(logger, async function* () {}),
        listRuns,
        announceRun: announcing('cropper', (run) => garmentsReady(run, 0)),
      },
    },
    {
      definition: ganTrainerV1.GanTrainerServiceService,
      implementation: {
        generateDesigns: serverStream(logger, async function* () {}),
        listRuns,
        announceRun: announcing('gan-trainer', (run) => {
          const ready = { run, outcome: 'skipped', modelId: null, reason: 'no garments' } as const;
          return service.publish('deepstyle.gan.ready.v1', ready);
        }),
      },
    },
    {
      definition: scraperV1.ScraperServiceService,
      implementation: {
        listRuns: serverStream(logger, async function* () {
          for (const [runId, { revision }] of changes) {
            const changedAt = new Date(updatedAt.getTime() + revision);
            yield { runId, photos: 0, closed: true, revision, updatedAt: changedAt };
          }
        }),
        announceRun: unary(logger, async ({ runId }: scraperV1.AnnounceRunRequest) => {
          const change = changes.get(runId) as EventData<'deepstyle.run.changed.v1'>;
          await service.publish('deepstyle.run.changed.v1', change);
          return { events: 1 };
        }),
      },
    },
  ]);
  return { address, close, done, changes, asked };
}

const garmentsReady = (run: RunReference, failedPhotos: number) =>
  service.publish('deepstyle.garments.ready.v1', { run, photos: 10, failedPhotos, garments: 1 });

async function publishing({ id }: RunReference) {
  const { data } = await service.graph(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Run { publishing { state } } } }`,
    { representations: [{ __typename: 'Run', id: `run_${id}` }] },
  );
  return data._entities[0].publishing.state;
}

async function reached(run: RunReference, state: string): Promise<void> {
  while ((await publishing(run)) !== state) await new Promise((resolve) => setImmediate(resolve));
}

test('a run of which nothing came is asked for at both, once, and comes to its end', async () => {
  const run = runOf('SS2026');
  peers.done.set(run.id, run);
  await service.reconcile(1);
  await reached(run, 'FAILED');
  await service.reconcile(3);
  await reached(run, 'FAILED');
  const asked = peers.asked.length;
  await service.reconcile(70);
  expect(new Set(peers.asked)).toEqual(new Set([`cropper ${run.id}`, `gan-trainer ${run.id}`]));
  expect(peers.asked).toHaveLength(asked);
});

test('a released run whose job was lost gets another; one whose job waits is left alone', async () => {
  const run = runOf('SS2026');
  await garmentsReady(run, 9);
  await reached(run, 'HELD');
  await service.graph(
    'mutation ($input: PublishRunInput!) { publishIncompleteRun(input: $input) { userErrors { message } } }',
    { input: { run: `run_${run.id}` } },
  );
  await loseJob(service.bus, 'gallery', KIND);
  await service.reconcile(3);
  const [id] = await queuedJobIds(service.bus, KIND);
  expect(id).toContain('~again-');
  await service.reconcile(5);
  expect(await queuedJobIds(service.bus, KIND)).toEqual([id]);
});

test('a held run is counted until it is canceled, let be published or tried again; a failed one for a day', async () => {
  const counted = async () => {
    await service.reconcile(1);
    const [held, failed] = await Promise.all([gauges.read('runsHeld'), gauges.read('runsFailed')]);
    return { held: held[0]?.value ?? 0, failed: failed[0]?.value ?? 0 };
  };
  const heldRun = async () => {
    const run = runOf('SS2026');
    await garmentsReady(run, 9);
    await reached(run, 'HELD');
    return run;
  };
  const before = await counted();
  const run = await heldRun();
  const canceled = await heldRun();
  expect(await counted()).toEqual({ ...before, held: before.held + 2 });
  const change = { run: canceled, revision: 1, state: 'canceled' } as const;
  await service.publish('deepstyle.run.changed.v1', change);
  await reached(canceled, 'CANCELED');
  expect(await counted()).toEqual({ ...before, held: before.held + 1 });
  await garmentsReady({ ...run, retries: 1 }, 0);
  await reached(run, 'FAILED');
  expect(await counted()).toEqual({ ...before, failed: before.failed + 1 });
  await service.sweep();
  expect(await counted()).toEqual({ ...before, failed: 0 });
});

test('a run whose garments do not come is stalled, but for a canceled one', async () => {
  const run = runOf('SS2026');
  const ready = { run, outcome: 'skipped', modelId: null, reason: 'skipped' } as const;
  const stalled = async () => (await gauges.read('runsStalled'))[0]?.value ?? 0;
  await service.reconcile(11);
  const before = await stalled();
  await service.publish('deepstyle.gan.ready.v1', ready);
  await reached(run, 'RUNNING');
  await service.reconcile(11);
  expect(await stalled()).toBe(before + 1);
  await service.publish('deepstyle.run.changed.v1', { run, revision: 1, state: 'canceled' });
  await reached(run, 'CANCELED');
  await service.reconcile(11);
  expect(await stalled()).toBe(before);
});

test('a run that was canceled unheard is canceled, and goes on once it is resumed unheard', async () => {
  const run = runOf('SS2026');
  const ready = { run, outcome: 'skipped', modelId: null, reason: 'skipped' } as const;
  await service.publish('deepstyle.gan.ready.v1', ready);
  await reached(run, 'RUNNING');
  peers.changes.set(run.id, { run, revision: 1, state: 'canceled' });
  await service.reconcile(3);
  await reached(run, 'CANCELED');
  peers.changes.set(run.id, { run, revision: 2, state: 'open' });
  await service.reconcile(3);
  await reached(run, 'RUNNING');
});
