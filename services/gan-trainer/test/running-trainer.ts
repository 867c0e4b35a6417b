import {
  cropperV1,
  type EventData,
  ganTrainerV1,
  type RunReference,
  scraperV1,
} from '@deepstyle/contracts';
import { createLogger, NotFoundError } from '@deepstyle/platform';
import { serverStream } from '@deepstyle/service';
import { type RunServiceOptions, runService, servePeers } from '@deepstyle/testkit/services';
import { credentials } from '@grpc/grpc-js';
import { ganTrainer } from '../src/index.ts';

type GanReady = EventData<'deepstyle.gan.ready.v1'>;
type Listed = readonly cropperV1.Garment[];

const PAGE = 7;

/** A cropper that lists what it is told, page by page, and a scraper without runs. */
export async function startCropper() {
  const runs = new Map<string, Listed>();
  async function* listGarments({ runId }: cropperV1.ListGarmentsRequest) {
    const garments = runs.get(runId);
    if (garments === undefined) throw new NotFoundError('run with garments', runId);
    for (let at = 0; at < garments.length; at += PAGE) {
      yield { garments: garments.slice(at, at + PAGE) };
    }
  }
  const logger = createLogger({ level: 'silent', name: 'test' });
  const { address, close } = await servePeers([
    {
      definition: cropperV1.CropperServiceService,
      implementation: {
        listGarments: serverStream(logger, listGarments),
        listRuns: serverStream(logger, async function* () {}),
      },
    },
    {
      definition: scraperV1.ScraperServiceService,
      implementation: { listRuns: serverStream(logger, async function* () {}) },
    },
  ]);
  return { address, close, list: (runId: string, garments: Listed) => runs.set(runId, garments) };
}

/** Networks and batches so small that a training takes seconds. */
const TINY = {
  GAN_WIDTH: '2',
  GAN_BATCH_SIZE: '4',
  GAN_CHECKPOINT_STEPS: '4',
  GAN_THREADS: '1',
};

export type RunningTrainer = Awaited<ReturnType<typeof runTrainer>>;

/** The service, with its peers at this address. */
export async function runTrainer(peers: string, options: RunServiceOptions = {}) {
  const settings = {
    ...TINY,
    CROPPER_GRPC_ADDRESS: peers,
    SCRAPER_GRPC_ADDRESS: peers,
    ...options.settings,
  };
  const service = await runService(ganTrainer, { ...options, settings });
  const { objects, graph, bus } = service;
  const client = new ganTrainerV1.GanTrainerServiceClient(
    service.grpcAddress,
    credentials.createInsecure(),
  );
  return {
    objects,
    graph,
    bus,
    sweep: service.sweep,
    /** Says that a run's garments are ready. */
    garmentsReady: (run: RunReference, garments: number) =>
      service.publish('deepstyle.garments.ready.v1', {
        run,
        photos: garments,
        failedPhotos: 0,
        garments,
      }),
    runChanged: (run: RunReference, revision: number, state: 'open' | 'canceled') =>
      service.publish('deepstyle.run.changed.v1', { run, revision, state }),
    announced: (runId: string) =>
      service.eventsOf('deepstyle.gan.ready.v1').filter(({ run }) => run.id === runId),
    /** The first announcement for a run. */
    ready: async (runId: string): Promise<GanReady> => {
      const { data } = await service.event(
        ({ type, data }) => type === 'deepstyle.gan.ready.v1' && data.run.id === runId,
      );
      return data as GanReady;
    },
    generate: async (request: ganTrainerV1.GenerateDesignsRequest) => {
      const designs: ganTrainerV1.GenerateDesignsResponse[] = [];
      for await (const design of client.generateDesigns(request)) designs.push(design);
      return designs;
    },
    close: async () => {
      client.close();
      await service.close();
    },
  };
}
