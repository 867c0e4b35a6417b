import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AnyEvent,
  cropperV1,
  decodeEvent,
  type EventData,
  type EventType,
  encodeEvent,
  type PhotoReference,
} from '@deepstyle/contracts';
import { startService } from '@deepstyle/service';
import { credentials } from '@grpc/grpc-js';
import { cropper } from '../src/index.ts';

export interface RunningCropper {
  /** Stores a photograph as the scraper does. */
  store(bytes: Uint8Array, facts: Omit<PhotoReference, 'id' | 'image'>): Promise<PhotoReference>;
  publish<T extends EventType>(type: T, data: EventData<T>): Promise<void>;
  /** What the service has published so far. */
  readonly events: readonly AnyEvent[];
  /** Ends when the run's garments are announced as ready. */
  ready(runId: string): Promise<void>;
  listGarments(runId: string): Promise<cropperV1.ListGarmentsResponse[]>;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
  graph(query: string, variables?: object): Promise<{ readonly data: any }>;
  close(): Promise<void>;
}

/** The service over embedded stores in a temporary folder. */
export async function runCropper(): Promise<RunningCropper> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'cropper-'));
  const service = await startService(cropper, {
    DEEPSTYLE_DATA: dataFolder,
    HTTP_PORT: '0',
    LOG_LEVEL: 'silent',
  });
  const { bus, objects } = service;
  const client = new cropperV1.CropperServiceClient(
    `127.0.0.1:${service.grpcPort}`,
    credentials.createInsecure(),
  );
  const events: AnyEvent[] = [];
  const readyRuns = new Map<string, () => void>();
  const subscription = await bus.subscribe(
    {
      stream: 'EVENTS',
      durable: 'test',
      subjects: [
        'deepstyle.garment.cropped.v1',
        'deepstyle.garments.ready.v1',
        'deepstyle.photo.failed.v1',
      ],
      concurrency: 1,
      ackWaitMs: 30_000,
      maxDeliveries: 1,
    },
    async (delivery) => {
      const event = decodeEvent(delivery);
      events.push(event);
      if (event.type === 'deepstyle.garments.ready.v1') readyRuns.get(event.data.run.id)?.();
      return { kind: 'ack' };
    },
  );
  return {
    events,
    store: async (bytes, facts) => {
      const id = createHash('sha256').update(bytes).digest('hex');
      const image = await objects.put(`photos/${id.slice(0, 2)}/${id}`, bytes, 'image/jpeg');
      return { id, image, ...facts };
    },
    publish: async (type, data) => {
      await bus.publish(encodeEvent({ type, data }));
    },
    ready: (runId) => new Promise((resolve) => readyRuns.set(runId, resolve)),
    listGarments: async (runId) => {
      const pages: cropperV1.ListGarmentsResponse[] = [];
      for await (const page of client.listGarments({ runId })) pages.push(page);
      return pages;
    },
    graph: async (query, variables = {}) => {
      const response = await fetch(`http://127.0.0.1:${service.httpPort}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as { data: unknown };
    },
    close: async () => {
      client.close();
      await subscription.close();
      await service.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
