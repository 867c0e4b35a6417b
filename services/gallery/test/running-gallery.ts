import {
  type AnyEvent,
  decodeEvent,
  type EventData,
  type EventType,
  encodeEvent,
} from '@deepstyle/contracts';
import { type Composition, startService } from '@deepstyle/service';
import { temporaryFolder } from '@deepstyle/testkit';
import { gallery } from '../src/index.ts';
import { type Peers, startPeers } from './peers.ts';

export interface RunningGallery {
  readonly peers: Peers;
  readonly objects: Composition['objects'];
  publish<T extends EventType>(type: T, data: EventData<T>): Promise<void>;
  /** Ends with the first event, of those so far and those to come, that `isWanted`. */
  event(isWanted: (event: AnyEvent) => boolean): Promise<AnyEvent>;
  /** What the service has published so far. */
  readonly events: readonly AnyEvent[];
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
  graph(query: string, variables?: object): Promise<any>;
  close(): Promise<void>;
}

/** The service over embedded stores in a temporary folder, with stand-ins for its peers. */
export async function runGallery(
  settings: Readonly<Record<string, string>>,
): Promise<RunningGallery> {
  const folder = await temporaryFolder('gallery');
  const peers = await startPeers();
  const service = await startService(gallery, {
    DEEPSTYLE_DATA: folder.path,
    HTTP_PORT: '0',
    LOG_LEVEL: 'silent',
    CROPPER_GRPC_ADDRESS: peers.address,
    GAN_TRAINER_GRPC_ADDRESS: peers.address,
    ...settings,
  });
  const { bus, objects } = service;
  peers.stores.objects = objects;
  const events: AnyEvent[] = [];
  const waiting = new Set<(event: AnyEvent) => void>();
  const subscription = await bus.subscribe(
    {
      stream: 'EVENTS',
      durable: 'test',
      subjects: ['deepstyle.collection.created.v1', 'deepstyle.trend-batch.published.v1'],
      concurrency: 1,
      ackWaitMs: 30_000,
      maxFailures: 1,
    },
    async (delivery) => {
      const event = decodeEvent(delivery);
      events.push(event);
      for (const tell of waiting) tell(event);
      return { kind: 'ack' };
    },
  );
  return {
    peers,
    objects,
    events,
    publish: async (type, data) => {
      await bus.publish(encodeEvent({ type, data }));
    },
    event: (isWanted) =>
      new Promise((resolve) => {
        const known = events.find(isWanted);
        if (known !== undefined) return resolve(known);
        waiting.add((event) => isWanted(event) && resolve(event));
      }),
    graph: async (query, variables = {}) => {
      const response = await fetch(`http://127.0.0.1:${service.httpPort}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return response.json();
    },
    close: async () => {
      await subscription.close();
      await service.close();
      peers.close();
      await folder.remove();
    },
  };
}
