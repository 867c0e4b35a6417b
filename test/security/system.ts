import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assetPath } from '@deepstyle/platform';
import {
  type NatsServer,
  type PostgresServer,
  startNats,
  startPostgres,
  temporaryFolder,
} from '@deepstyle/testkit';
import { load } from 'js-yaml';
import { answers, type Supervised, supervise } from '../faults/supervised.ts';
import { untilReady } from '../faults/target.ts';
import { startProcess } from '../pipeline/processes.ts';
import { type PlannedProcess, planCluster } from '../pipeline/systems.ts';
import { startCanary } from './canary.ts';
import { ENDLESS_FILE, MAX_PHOTO_BYTES } from './input.ts';
import { SITE_HOST } from './site.ts';
import { type Watched, watchFile } from './watched.ts';

/** What is seen of all processes since it was looked at last. */
export interface Seen extends Pick<Watched, 'holdMs' | 'holdCpuMs' | 'mb'> {
  readonly privateRequests: number;
  readonly crashes: number;
}

/** The processes that meet what comes from outside, watched, over a database and a bus of their own. */
export interface SecuritySystem {
  readonly url: string;
  readonly token: string;
  /** Sources and datasets may lie below it. */
  readonly folder: string;
  readonly canaryPort: number;
  readonly privateName: string;
  readonly look: () => Seen;
  readonly output: () => string;
  readonly close: () => Promise<void>;
}

type Closers = (() => Promise<void>)[];

const PROCESSES = ['scraper', 'dataset', 'gateway'];
/** What V8 takes by itself where a pod has 1 GiB. */
const DEFAULT_HEAP = '--max-old-space-size=512';
const WATCH = pathToFileURL(join(import.meta.dirname, 'watch.mjs')).href;
/** Small limits, so that what is beyond them costs little to make. */
const SETTINGS = {
  SCRAPER_ALLOWED_HOSTS: SITE_HOST,
  SCRAPER_MAX_PAGES: '12',
  SCRAPER_MAX_PHOTO_BYTES: String(MAX_PHOTO_BYTES),
  SCRAPER_REQUEST_TIMEOUT_MS: '4000',
  SCRAPER_RETRIES: '1',
  SCRAPER_RETRY_BASE_MS: '1',
} as const;

export async function startSecuritySystem(build?: string): Promise<SecuritySystem> {
  const closers: Closers = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    return { ...(await start(closers, build)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  closers: Closers,
  build: string | undefined,
): Promise<Omit<SecuritySystem, 'close'>> {
  const place = await temporaryFolder('deepstyle-security');
  const folder = join(place.path, 'inputs');
  await mkdir(folder);
  const [nats, postgres, canary] = await Promise.all([startNats(), startPostgres(), startCanary()]);
  closers.push(
    place.remove,
    () => nats.stop(),
    () => postgres.stop(),
    canary.close,
  );
  const { url, token, services, gateway } = await plan(place.path, folder, nats, postgres);
  const planned = [...services, gateway].filter(({ name }) => PROCESSES.includes(name));
  const watched = planned.map((each) => startWatched(each, place.path, build));
  closers.push(...watched.map(({ process }) => process.close));
  await Promise.all(watched.map(({ process }) => untilReady(process)));
  let asked = 0;
  return {
    url,
    token,
    folder,
    canaryPort: canary.port,
    privateName: hostname(),
    look: () => {
      const seen = watched.map(({ look }) => look());
      const ofCanary = canary.requests() - asked;
      asked += ofCanary;
      return {
        holdMs: Math.max(...seen.map(({ holdMs }) => holdMs)),
        holdCpuMs: Math.max(...seen.map(({ holdCpuMs }) => holdCpuMs)),
        mb: Math.max(...seen.map(({ mb }) => mb)),
        privateRequests: ofCanary + seen.flatMap(({ connections }) => connections).length,
        crashes: seen.reduce((sum, { crashes }) => sum + crashes, 0),
      };
    },
    output: () =>
      watched.map(({ process }) => `== ${process.name}\n${process.output()}`).join('\n'),
  };
}

async function plan(path: string, folder: string, nats: NatsServer, postgres: PostgresServer) {
  const none = { endpoint: '', accessKey: '', secretKey: '', bucket: 'security' };
  const stores = { databaseUrl: postgres.url, natsUrl: nats.url, s3: none };
  const settings = {
    ...SETTINGS,
    DEEPSTYLE_DATA: join(path, 'data'),
    SCRAPER_FOLDERS: `${folder},${ENDLESS_FILE}`,
    DATASET_FOLDERS: folder,
  };
  return planCluster(stores, settings);
}

/** Variables that the chart gives to the pods of a component. */
function podEnvironment(component: string): Readonly<Record<string, string>> {
  const values = load(readFileSync(assetPath('charts/deepstyle/values.yaml'), 'utf8')) as {
    readonly components: Readonly<Record<string, { readonly env?: Record<string, string> }>>;
  };
  return values.components[component]?.env ?? {};
}

interface WatchedProcess {
  readonly process: Supervised;
  readonly look: () => Watched & { readonly crashes: number };
}

/** A process that ended by itself is started again, and counts as crashed. */
function startWatched(
  planned: PlannedProcess,
  folder: string,
  build: string | undefined,
): WatchedProcess {
  const { name, entry, environment, port } = planned;
  const { NODE_OPTIONS = DEFAULT_HEAP, MALLOC_ARENA_MAX = '' } = podEnvironment(name);
  const file = join(folder, `${name}.jsonl`);
  const watch = {
    NODE_OPTIONS: `--import ${WATCH} ${NODE_OPTIONS}`,
    ...(MALLOC_ARENA_MAX === '' ? {} : { MALLOC_ARENA_MAX }),
    SECURITY_WATCH_FILE: file,
  };
  let starts = 0;
  let told = 1;
  const process = supervise({
    name,
    kinds: [],
    harm: {},
    start: () => {
      starts += 1;
      return startProcess(entry, [], { ...environment, ...watch }, build);
    },
    isReady: () => answers(`http://127.0.0.1:${port}/readyz`),
  });
  const read = watchFile(file);
  return {
    process,
    look: () => {
      const crashes = starts - told;
      told = starts;
      return { ...read(), crashes };
    },
  };
}
