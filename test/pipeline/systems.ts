import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '@deepstyle/service';
import getPort from 'get-port';
import { type RunningProcess, startProcess, waitFor } from './processes.ts';

/** A whole DeepStyle, however many processes it is. */
export interface System {
  readonly url: string;
  readonly token: string;
  readonly processes: readonly RunningProcess[];
  stop(): Promise<void>;
}

/** Settings of the services beside those that say where the stores are. */
export type Settings = Readonly<Record<string, string>>;

/** A network so small that its trainings take seconds; what it makes is to be the same everywhere, not good. */
export const SMALL_GAN = { GAN_WIDTH: '4', GAN_BATCH_SIZE: '8', GAN_THREADS: '1' } as const;

const START_LIMIT_MS = 180_000;
const TEST_TOKEN = 'token-of-the-test';

/** One process over embedded stores: `deepstyle up`. */
export async function startEmbedded(dataFolder: string, settings: Settings = {}): Promise<System> {
  const running = startProcess(
    'deepstyle',
    ['up', '--port', '0', '--data', dataFolder, '--json'],
    settings,
  );
  const { url, token } = await waitFor('deepstyle up', running, START_LIMIT_MS, async () => {
    const file = JSON.parse(readFileSync(join(dataFolder, 'instance.json'), 'utf8')) as {
      url: string;
      token: string;
      pid: number;
    };
    if (file.pid !== running.child.pid) return null;
    return (await fetch(`${file.url}/readyz`)).ok ? file : null;
  });
  return { url, token, processes: [running], stop: () => running.stop() };
}

export interface ClusterStores {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly s3: {
    readonly endpoint: string;
    readonly accessKey: string;
    readonly secretKey: string;
    readonly bucket: string;
  };
}

/** A process that takes the jobs of a service. */
export interface Worker {
  readonly running: RunningProcess;
  readonly metricsPort: number;
}

/** How many processes of the role `worker` a service has, beside one of the role `api`. */
export type Workers = Partial<Record<ServiceName, number>>;

export interface Cluster extends System {
  /** Those that a service was started with, and those that were started in their place. */
  workersOf(service: ServiceName): readonly Worker[];
  /** One more, as a cluster starts one in place of one that has ended. */
  addWorker(service: ServiceName): Promise<Worker>;
}

/** A process of a cluster, before it is started. */
export interface PlannedProcess {
  readonly name: string;
  readonly entry: string;
  readonly environment: Settings;
  /** Where `/readyz` answers. */
  readonly port: number;
}

/** What a cluster is made of, before anything is started. */
export interface ClusterPlan {
  readonly url: string;
  readonly token: string;
  readonly services: readonly PlannedProcess[];
  readonly gateway: PlannedProcess;
  worker(service: ServiceName): Promise<PlannedProcess & Pick<Worker, 'metricsPort'>>;
}

/** Six services and the gateway over real servers: a process each. */
export async function planCluster(
  stores: ClusterStores,
  settings: Settings = {},
  workers: Workers = {},
): Promise<ClusterPlan> {
  const grpc = await portsOf();
  const http = await portsOf();
  const shared: Settings = {
    LOG_LEVEL: 'warn',
    SCRAPER_FOLDERS: '*',
    ...settings,
    ...storeSettings(stores),
    API_TOKEN: TEST_TOKEN,
    SERVICE_TOKEN: 'service token of the test',
    ...perService(grpc, 'GRPC_ADDRESS', (port) => `127.0.0.1:${port}`),
  };
  const plan = (name: string, entry: string, port: number, own: Settings): PlannedProcess => ({
    name,
    entry,
    environment: { ...shared, ...own, HTTP_PORT: String(port) },
    port,
  });
  const port = await getPort({ host: '127.0.0.1' });
  return {
    url: `http://127.0.0.1:${port}`,
    token: TEST_TOKEN,
    services: SERVICE_NAMES.map((name) =>
      plan(name, name, http[name], {
        GRPC_PORT: String(grpc[name]),
        ...(workers[name] === undefined ? {} : { DEEPSTYLE_ROLE: 'api' }),
      }),
    ),
    gateway: plan(
      'gateway',
      'gateway',
      port,
      perService(http, 'GRAPH_URL', (one) => `http://127.0.0.1:${one}/graphql`),
    ),
    worker: async (service) => {
      const metricsPort = await getPort({ host: '127.0.0.1' });
      const own = { DEEPSTYLE_ROLE: 'worker', METRICS_PORT: String(metricsPort) };
      const planned = plan(`${service}-worker`, service, await getPort({ host: '127.0.0.1' }), own);
      return { ...planned, metricsPort };
    },
  };
}

/** A cluster that is up, with workers of their own where they are asked for. */
export async function startCluster(
  stores: ClusterStores,
  settings: Settings = {},
  workers: Workers = {},
): Promise<Cluster> {
  const plan = await planCluster(stores, settings, workers);
  const processes: RunningProcess[] = [];
  const started = new Map<ServiceName, Worker[]>();
  const workersOf = (service: ServiceName) => started.get(service) ?? [];
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((running) => running.stop()));
  };
  const start = async (planned: PlannedProcess): Promise<RunningProcess> => {
    const running = startProcess(planned.entry, [], planned.environment);
    processes.push(running);
    await ready(planned.name, running, planned.port);
    return running;
  };
  const addWorker = async (service: ServiceName): Promise<Worker> => {
    const planned = await plan.worker(service);
    const worker = { running: await start(planned), metricsPort: planned.metricsPort };
    started.set(service, [...workersOf(service), worker]);
    return worker;
  };
  try {
    const added = SERVICE_NAMES.flatMap((name) =>
      Array.from({ length: workers[name] ?? 0 }, () => addWorker(name)),
    );
    await Promise.all([...plan.services.map(start), ...added]);
    await start(plan.gateway);
    return { url: plan.url, token: plan.token, processes, stop, workersOf, addWorker };
  } catch (error) {
    await stop();
    throw error;
  }
}

function storeSettings({ databaseUrl, natsUrl, s3 }: ClusterStores): Settings {
  return {
    DATABASE_URL: databaseUrl,
    NATS_URL: natsUrl,
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY: s3.accessKey,
    S3_SECRET_KEY: s3.secretKey,
    S3_BUCKET: s3.bucket,
  };
}

type Ports = Record<ServiceName, number>;

async function portsOf(): Promise<Ports> {
  const entries = await Promise.all(
    SERVICE_NAMES.map(async (name) => [name, await getPort({ host: '127.0.0.1' })] as const),
  );
  return Object.fromEntries(entries) as Ports;
}

function perService(
  ports: Ports,
  suffix: string,
  value: (port: number) => string,
): Record<string, string> {
  return Object.fromEntries(
    SERVICE_NAMES.map((name) => [
      `${name.toUpperCase().replaceAll('-', '_')}_${suffix}`,
      value(ports[name]),
    ]),
  );
}

function ready(name: string, running: RunningProcess, port: number): Promise<true> {
  return waitFor(name, running, START_LIMIT_MS, async () => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    return response.ok ? true : null;
  });
}
