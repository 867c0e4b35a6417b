import { randomUUID } from 'node:crypto';
import { cropperV1, type EventData, type RunReference, scraperV1 } from '@deepstyle/contracts';
import { createLogger } from '@deepstyle/platform';
import { serverStream, unary } from '@deepstyle/service';
import {
  loseJob,
  queuedJobIds,
  type RunningService,
  runService,
  servePeers,
} from '@deepstyle/testkit/services';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ganTrainer } from '../src/index.ts';
import { runOf, storeGarments } from './drawn-garments.ts';

const GARMENTS = 20;

let service: RunningService;
let peers: Awaited<ReturnType<typeof servedPeers>>;
beforeAll(async () => {
  peers = await servedPeers();
  service = await runService(ganTrainer, {
    settings: {
      DEEPSTYLE_ROLE: 'api',
      CROPPER_GRPC_ADDRESS: peers.address,
      SCRAPER_GRPC_ADDRESS: peers.address,
    },
  });
});
afterAll(async () => {
  await service.close();
  peers.close();
});

/** A cropper whose runs are ready and a scraper whose runs were changed: they say so again when asked. */
async function servedPeers() {
  const logger = createLogger({ level: 'silent', name: 'peers' });
  const ready = new Map<string, RunReference>();
  const changes = new Map<string, EventData<'deepstyle.run.changed.v1'>>();
  const asked: string[] = [];
  const updatedAt = new Date(Date.now() - 600_000);
  const { address, close } = await servePeers([
    {
      definition: cropperV1.CropperServiceService,
      implementation: {
        listGarments: serverStream(logger, async function* () {
          yield { garments: await storeGarments(service.objects, GARMENTS) };
        }),
        listRuns: serverStream(logger, async function* () {
          for (const runId of ready.keys()) yield { runId, updatedAt };
        }),
        announceRun: unary(logger, async ({ runId }: cropperV1.AnnounceRunRequest) => {
          asked.push(runId);
          await garmentsReady(ready.get(runId) as RunReference);
          return { events: 1 };
        }),
      },
    },
    {
      definition: scraperV1.ScraperServiceService,
      implementation: {
        listRuns: serverStream(logger, async function* () {
          for (const [runId, { revision }] of changes) {
            const changedAt = new Date(updatedAt.getTime() + revision);
            yield { runId, photos: GARMENTS, closed: true, revision, updatedAt: changedAt };
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
  return { address, close, ready, changes, asked };
}

const garmentsReady = (run: RunReference) =>
  service.publish('deepstyle.garments.ready.v1', {
    run,
    photos: GARMENTS,
    failedPhotos: 0,
    garments: GARMENTS,
  });

test('a run that was ready unheard is asked for once, and its outcome is told again when asked', async () => {
  const run = runOf(randomUUID(), { skip: true });
  peers.ready.set(run.id, run);
  await service.reconcile(1);
  const first = await service.event(({ type }) => type === 'deepstyle.gan.ready.v1');
  await service.reconcile(70);
  expect(peers.asked).toEqual([run.id]);

  const { listTrainedRuns, announceTrainedRun } = service.calls;
  const listed: object[] = [];
  for await (const one of listTrainedRuns({ changedSince: new Date(0) })) listed.push(one);
  expect(listed).toMatchObject([{ runId: run.id }]);
  expect(await announceTrainedRun({ runId: run.id })).toEqual({ events: 1 });
  const again = await service.event(({ type, id }) => type === first.type && id !== first.id);
  expect(again.data).toEqual(first.data);
});

test('a training whose job was lost gets another; one whose job waits is left alone', async () => {
  await garmentsReady(runOf(randomUUID()));
  await loseJob(service.bus, 'gan-trainer', 'gan-train');
  await service.reconcile(3);
  const [id] = await queuedJobIds(service.bus, 'gan-train');
  expect(id).toContain('~again-');
  await service.reconcile(5);
  expect(await queuedJobIds(service.bus, 'gan-train')).toEqual([id]);
});

test('a run that was canceled unheard is not trained, and is once it is resumed unheard', async () => {
  const run = runOf(randomUUID());
  const reached = async (wanted: string): Promise<void> => {
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Run { training { state } } } }`;
    const representations = [{ __typename: 'Run', id: `run_${run.id}` }];
    for (let state = ''; state !== wanted; ) {
      const { data } = await service.graph(query, { representations });
      state = data._entities[0].training.state;
    }
  };
  peers.changes.set(run.id, { run, revision: 1, state: 'canceled' });
  await service.reconcile(3);
  await garmentsReady(run);
  await reached('CANCELED');
  peers.changes.set(run.id, { run, revision: 2, state: 'open' });
  await service.reconcile(3);
  await reached('WAITING');
});
