import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '@deepstyle/service';
import { freePort, type RunningProcess, startProcess, waitFor } from './processes.ts';

/** A whole DeepStyle, however many processes it is. */
export interface System {
  readonly url: string;
  readonly token: string;
  readonly processes: readonly RunningProcess[];
  stop(): Promise<void>;
}

/** Settings of the services beside those that say where the stores are. */
export type Settings = Readonly<Record<string, string>>;

const START_LIMIT_MS = 60_000;
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

/** Six services and the gateway, a process each, over real servers. */
export async function startCluster(
  stores: ClusterStores,
  settings: Settings = {},
): Promise<System> {
  const grpc = await portsOf();
  const http = await portsOf();
  const shared: Record<string, string> = {
    ...settings,
    DATABASE_URL: stores.databaseUrl,
    NATS_URL: stores.natsUrl,
    S3_ENDPOINT: stores.s3.endpoint,
    S3_ACCESS_KEY: stores.s3.accessKey,
    S3_SECRET_KEY: stores.s3.secretKey,
    S3_BUCKET: stores.s3.bucket,
    API_TOKEN: TEST_TOKEN,
    LOG_LEVEL: 'warn',
    SCRAPER_FOLDERS: '*',
    ...perService(grpc, 'GRPC_ADDRESS', (port) => `127.0.0.1:${port}`),
  };
  const processes: RunningProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((running) => running.stop()));
  };
  try {
    const waits = SERVICE_NAMES.map((name) => {
      const running = startProcess(name, [], {
        ...shared,
        HTTP_PORT: String(http[name]),
        GRPC_PORT: String(grpc[name]),
      });
      processes.push(running);
      return ready(name, running, http[name]);
    });
    await Promise.all(waits);
    const port = await freePort();
    const gateway = startProcess('gateway', [], {
      ...shared,
      HTTP_PORT: String(port),
      ...perService(http, 'GRAPH_URL', (one) => `http://127.0.0.1:${one}/graphql`),
    });
    processes.push(gateway);
    await ready('gateway', gateway, port);
    return { url: `http://127.0.0.1:${port}`, token: TEST_TOKEN, processes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Ports = Record<ServiceName, number>;

async function portsOf(): Promise<Ports> {
  const entries = await Promise.all(
    SERVICE_NAMES.map(async (name) => [name, await freePort()] as const),
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
