import {
  type AnyEvent,
  decodeEvent,
  type EventData,
  type EventType,
  encodeEvent,
  type ServiceCalls,
} from '@deepstyle/contracts';
import { type Environment, onceMoreAfterReset } from '@deepstyle/platform';
import { createCalls, type Service, startService } from '@deepstyle/service';
import type { Bus, ObjectStore } from '@deepstyle/storage';
import { temporaryFolder } from '../temporary-folder.ts';

export interface GraphAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
  readonly data: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly reason?: string };
  }[];
}

/** A service in this process, over embedded stores, as its users meet it. */
export interface RunningService {
  readonly bus: Bus;
  readonly objects: ObjectStore;
  /** `host:port` for a gRPC client. */
  readonly grpcAddress: string;
  /** What it answers to other services by gRPC. */
  readonly calls: ServiceCalls;
  /** The address of its subgraph. */
  readonly graphUrl: string;
  /** Lets minutes pass, and its records be compared with what the bus and the peers hold after each. @throws what failed */
  reconcile(minutes: number): Promise<void>;
  /** Lets days pass, in which objects are swept. @throws what failed */
  sweep(): Promise<void>;
  /** Asks its subgraph; `token: null` sends none. */
  graph(query: string, variables?: object, token?: string | null): Promise<GraphAnswer>;
  publish<T extends EventType>(type: T, data: EventData<T>): Promise<void>;
  /** All events so far, in order: those of the test and those of the service. */
  readonly events: readonly AnyEvent[];
  eventsOf<T extends EventType>(type: T): readonly EventData<T>[];
  /** The first event, of those so far and those to come, that is wanted. */
  event(isWanted: (event: AnyEvent) => boolean): Promise<AnyEvent>;
  close(): Promise<void>;
}

export interface RunServiceOptions {
  /** Added to what a test needs: free ports, a token, no log. */
  readonly settings?: Environment;
  /** Opens the stores of an earlier one and leaves them there; without it they are the test's own. */
  readonly dataFolder?: string;
}

const TOKEN = 'test-token';
const DAYS_IN_MINUTES = 10 * 24 * 60;

/** Starts a service over embedded stores. */
export async function runService(
  service: Service,
  { settings = {}, dataFolder }: RunServiceOptions = {},
): Promise<RunningService> {
  const folder = dataFolder === undefined ? await temporaryFolder(service.name) : null;
  let minutesAhead = 0;
  const running = await startService(
    service,
    {
      DEEPSTYLE_DATA: dataFolder ?? folder?.path ?? '',
      HTTP_PORT: '0',
      API_TOKEN: TOKEN,
      LOG_LEVEL: 'silent',
      ...settings,
    },
    () => new Date(Date.now() + minutesAhead * 60_000),
  );
  const { bus, objects } = running;
  const reading = readEvents(bus);
  const grpcAddress = `127.0.0.1:${running.grpcPort}`;
  const own = createCalls(
    () => grpcAddress,
    () => new Date(),
  );
  const reconcileAfter = async (minutes: number): Promise<void> => {
    minutesAhead += minutes;
    const [failure] = await running.reconcile();
    if (failure !== undefined) throw failure;
  };
  const graphUrl = `http://127.0.0.1:${running.httpPort}/graphql`;
  return {
    bus,
    objects,
    grpcAddress,
    calls: own.calls,
    graphUrl,
    reconcile: async (minutes) => {
      for (let minute = 0; minute < minutes; minute += 1) await reconcileAfter(1);
    },
    sweep: async () => {
      await reconcileAfter(DAYS_IN_MINUTES);
      await reconcileAfter(15);
    },
    graph: async (query, variables = {}, token = TOKEN) => {
      const request = {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query, variables }),
      };
      const isQuery = () => !query.trimStart().startsWith('mutation');
      const response = await onceMoreAfterReset(isQuery, () => fetch(graphUrl, request));
      return (await response.json()) as GraphAnswer;
    },
    publish: async (type, data) => {
      await bus.publish(encodeEvent({ type, data }));
    },
    events: reading.events,
    eventsOf: <T extends EventType>(type: T) =>
      reading.events
        .filter((event) => event.type === type)
        .map((event) => event.data as EventData<T>),
    event: reading.event,
    close: async () => {
      own.close();
      await reading.stop();
      await running.close();
      await folder?.remove();
    },
  };
}

/** Collects what is published, from the first event of the stream on. */
function readEvents(bus: Bus) {
  const events: AnyEvent[] = [];
  const waiting = new Set<(event: AnyEvent) => void>();
  const ending = new AbortController();
  const read = async (): Promise<void> => {
    const { signal } = ending;
    for await (const message of bus.replay({ subjects: [], fromSequence: 1, signal })) {
      const event = decodeEvent(message);
      events.push(event);
      for (const tell of waiting) tell(event);
    }
  };
  const reading = read();
  return {
    events,
    event: (isWanted: (event: AnyEvent) => boolean): Promise<AnyEvent> => {
      const known = events.find(isWanted);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve) => {
        const tell = (event: AnyEvent): void => {
          if (!isWanted(event)) return;
          waiting.delete(tell);
          resolve(event);
        };
        waiting.add(tell);
      });
    },
    stop: async () => {
      ending.abort();
      await reading;
    },
  };
}
