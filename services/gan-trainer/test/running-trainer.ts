import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AnyEvent,
  cropperV1,
  decodeEvent,
  type EventData,
  encodeEvent,
  ganTrainerV1,
  type RunReference,
} from '@deepstyle/contracts';
import { startService } from '@deepstyle/service';
import type { ObjectStore } from '@deepstyle/storage';
import { drawGarment, GARMENT_CATEGORIES } from '@deepstyle/testkit';
import { credentials, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { ganTrainer } from '../src/index.ts';

type GanReady = EventData<'deepstyle.gan.ready.v1'>;
type Listed = cropperV1.Garment[];

/** A cropper that lists what it is told, page by page. */
export async function startCropper() {
  const runs = new Map<string, Listed>();
  const server = new Server();
  const implementation: cropperV1.CropperServiceServer = {
    listGarments: (call) => {
      const garments = runs.get(call.request.runId);
      if (garments === undefined) {
        call.emit('error', { code: status.NOT_FOUND, details: 'unknown run' });
        return;
      }
      for (let at = 0; at < garments.length; at += 7) {
        call.write({ garments: garments.slice(at, at + 7) });
      }
      call.end();
    },
  };
  server.addService(cropperV1.CropperServiceService, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    list: (runId: string, garments: Listed) => runs.set(runId, garments),
    close: () => server.forceShutdown(),
  };
}

/** Networks and batches so small that a training takes seconds. */
const TINY = {
  GAN_WIDTH: '2',
  GAN_BATCH_SIZE: '4',
  GAN_CHECKPOINT_STEPS: '4',
  GAN_THREADS: '1',
  HTTP_PORT: '0',
  LOG_LEVEL: 'silent',
};

export type RunningTrainer = Awaited<ReturnType<typeof runTrainer>>;

/** The service over embedded stores; `dataFolder` opens those of an earlier one. */
export async function runTrainer(options: {
  readonly cropper: string;
  readonly dataFolder: string;
  readonly settings?: Readonly<Record<string, string>>;
}) {
  const service = await startService(ganTrainer, {
    ...TINY,
    DEEPSTYLE_DATA: options.dataFolder,
    CROPPER_GRPC_ADDRESS: options.cropper,
    ...options.settings,
  });
  const { bus, objects } = service;
  const client = new ganTrainerV1.GanTrainerServiceClient(
    `127.0.0.1:${service.grpcPort}`,
    credentials.createInsecure(),
  );
  const events: AnyEvent[] = [];
  const waiting: (() => void)[] = [];
  const subscription = await bus.subscribe(
    {
      stream: 'EVENTS',
      durable: 'test',
      subjects: ['deepstyle.gan.ready.v1'],
      concurrency: 1,
      ackWaitMs: 30_000,
      maxDeliveries: 1,
    },
    async (delivery) => {
      events.push(decodeEvent(delivery));
      for (const wake of waiting.splice(0)) wake();
      return { kind: 'ack' };
    },
  );
  const announced = (runId: string): GanReady[] =>
    events.map((event) => event.data as GanReady).filter(({ run }) => run.id === runId);
  return {
    objects,
    announced,
    /** Says that a run's garments are ready. */
    garmentsReady: async (run: RunReference, garments: number) => {
      const data = { run, photos: garments, failedPhotos: 0, garments };
      await bus.publish(encodeEvent({ type: 'deepstyle.garments.ready.v1', data }));
    },
    /** The first announcement for a run. */
    ready: async (runId: string): Promise<GanReady> => {
      for (;;) {
        const [first] = announced(runId);
        if (first !== undefined) return first;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    generate: async (request: ganTrainerV1.GenerateDesignsRequest) => {
      const designs: ganTrainerV1.GenerateDesignsResponse[] = [];
      for await (const design of client.generateDesigns(request)) designs.push(design);
      return designs;
    },
    // biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
    graph: async (query: string, variables: object = {}): Promise<any> => {
      const response = await fetch(`http://127.0.0.1:${service.httpPort}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return data;
    },
    close: async () => {
      client.close();
      await subscription.close();
      await service.close();
    },
  };
}

/** Draws garments and stores them as the cropper does. */
export async function storeGarments(objects: ObjectStore, count: number): Promise<Listed> {
  return Promise.all(
    Array.from({ length: count }, async (_, seed) => {
      const category = GARMENT_CATEGORIES[seed % GARMENT_CATEGORIES.length] ?? 'dress';
      const { jpeg } = await drawGarment({ seed, category, color: 'red', pattern: 'plain' });
      return storeGarment(objects, jpeg, category);
    }),
  );
}

export async function storeGarment(
  objects: ObjectStore,
  bytes: Uint8Array,
  category: string,
): Promise<cropperV1.Garment> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    id: createHash('sha256').update(`garment ${sha256}`).digest('hex'),
    photoId: sha256,
    season: 'SS2026',
    brand: '',
    category,
    categoryType: 'full',
    palette: [],
    image: await objects.put(`garments/${sha256.slice(0, 2)}/${sha256}`, bytes, 'image/jpeg'),
    widthPx: 192,
    heightPx: 256,
    createdAt: undefined,
  };
}

export function runOf(id: string, gan: Partial<RunReference['gan']> = {}): RunReference {
  return {
    id,
    season: 'SS2026',
    brand: null,
    detector: 'none',
    gan: { steps: 12, skip: false, ...gan },
  };
}

export function temporaryDataFolder() {
  const path = mkdtempSync(join(tmpdir(), 'gan-trainer-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
