import { join } from 'node:path';
import {
  createJetStreamBus,
  createS3ObjectStore,
  type DatabaseServer,
  openPostgresServer,
} from '@deepstyle/storage';
import {
  type NatsServer,
  type PostgresServer,
  type S3Server,
  startNats,
  startPostgres,
  startS3,
  temporaryFolder,
} from '@deepstyle/testkit';
import getPort from 'get-port';
import { type ClusterStores, type PlannedProcess, planCluster } from '../pipeline/systems.ts';
import { trainingStepsAt } from '../pipeline/workers.ts';
import { CAMPAIGN_SETTINGS, type DisturbedSystem, type SystemOptions } from './disturbed-system.ts';
import { processClock } from './process-clock.ts';
import { type ServerProxy, startProxy } from './proxy.ts';
import { readJetStream } from './read-bus.ts';
import { readSnapshot } from './read-snapshot.ts';
import type { FaultKind } from './schedule.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { type Supervised, supervisePlanned } from './supervised.ts';
import { type Harms, pause, processHarms, retried, type Target, untilReady } from './target.ts';

const BUCKET = 'campaign';
const ROLE = 'services';
const PASSWORD = 'a-password-of-services';
const OF_PROCESSES: readonly FaultKind[] = ['kill', 'stop', 'restart', 'pause'];

type ServerName = 'nats' | 'postgres' | 's3';
type Disks = Readonly<Record<ServerName, SmallDisk>>;
type Closers = (() => Promise<void> | void)[];

interface Servers {
  readonly nats: NatsServer;
  readonly postgres: PostgresServer;
  readonly s3: S3Server;
  readonly monitoringPort: number;
  /** In front of each. */
  readonly proxies: Readonly<Record<ServerName, ServerProxy>>;
  /** Below each; null where this machine mounts none. */
  readonly disks: Disks | null;
  /** As superuser, past the proxy. */
  readonly admin: DatabaseServer;
}

/** A process per service and role over real servers. */
export async function startClusterSystem(options: SystemOptions = {}): Promise<DisturbedSystem> {
  const closers: Closers = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    return { ...(await start(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  { build, settings }: SystemOptions,
  closers: Closers,
): Promise<Omit<DisturbedSystem, 'close'>> {
  const servers = await startServers(closers);
  const plan = await planCluster(
    storesOf(servers),
    { ...CAMPAIGN_SETTINGS, ...settings },
    { 'gan-trainer': 2 },
  );
  const clocks = await temporaryFolder('deepstyle-clocks');
  closers.push(() => clocks.remove());
  const run = (planned: PlannedProcess): Supervised => {
    const clock = processClock(join(clocks.path, planned.name));
    const supervised = supervisePlanned(planned, OF_PROCESSES, clock, build);
    closers.push(() => supervised.close());
    return supervised;
  };
  const workers = await Promise.all(
    ['gan-trainer-worker-1', 'gan-trainer-worker-2'].map(async (name) => {
      const planned = await plan.worker('gan-trainer');
      return { metricsPort: planned.metricsPort, supervised: run({ ...planned, name }) };
    }),
  );
  const processes = [
    ...plan.services.map(run),
    ...workers.map(({ supervised }) => supervised),
    run(plan.gateway),
  ];
  const areReady = async () =>
    (await Promise.all(processes.map(({ isReady }) => isReady()))).every(Boolean);
  await Promise.all(processes.map(untilReady));
  return {
    url: plan.url,
    token: plan.token,
    targets: [...processes, ...serverTargets(servers, areReady), workerThatTrains(workers)],
    unavailable: [
      'the clocks of the servers: only those of the processes are set',
      ...(servers.disks === null ? ['disk-full: nothing can be mounted here'] : []),
    ],
    readSnapshot: () => readCluster(servers),
    output: () => outputOf(processes),
  };
}

async function startServers(closers: Closers): Promise<Servers> {
  const monitoringPort = await getPort({ host: '127.0.0.1' });
  const disks = await mountDisks(closers);
  const [nats, postgres, s3] = await Promise.all([
    startNats({ args: ['-m', String(monitoringPort)], within: disks?.nats.path }),
    // What was committed has to outlive a kill.
    startPostgres({
      settings: ['synchronous_commit=on', 'max_connections=200'],
      within: disks?.postgres.path,
    }),
    startS3({ within: disks?.s3.path }),
  ]);
  closers.push(
    () => nats.stop(),
    () => postgres.stop(),
    () => s3.stop(),
  );
  const admin = await openPostgresServer({ url: postgres.url, maxConnections: 2 });
  closers.push(() => admin.close());
  await asAdmin(
    admin,
    `CREATE ROLE ${ROLE} LOGIN PASSWORD '${PASSWORD}'; GRANT CREATE ON DATABASE postgres TO ${ROLE}`,
  );
  const proxies = {
    nats: await startProxy(nats.port),
    postgres: await startProxy(postgres.port),
    s3: await startProxy(s3.port),
  };
  closers.push(...Object.values(proxies).map((proxy) => () => proxy.close()));
  return { nats, postgres, s3, monitoringPort, proxies, disks, admin };
}

async function mountDisks(closers: Closers): Promise<Disks | null> {
  const mount = async (): Promise<SmallDisk | null> => {
    const disk = await mountSmallDisk();
    if (disk !== null) closers.push(disk.close);
    return disk;
  };
  const [nats, postgres, s3] = [await mount(), await mount(), await mount()];
  return nats === null || postgres === null || s3 === null ? null : { nats, postgres, s3 };
}

async function asAdmin(admin: DatabaseServer, script: string): Promise<void> {
  const database = await admin.schema('campaign');
  await database.transaction('campaign.script', (tx) => tx.script(script));
}

/** The services reach the servers through the proxies. */
function storesOf({ proxies, s3 }: Servers): ClusterStores {
  return {
    databaseUrl: `postgres://${ROLE}:${PASSWORD}@127.0.0.1:${proxies.postgres.port}/postgres`,
    natsUrl: `nats://127.0.0.1:${proxies.nats.port}`,
    s3: {
      endpoint: `http://127.0.0.1:${proxies.s3.port}`,
      accessKey: s3.accessKey,
      secretKey: s3.secretKey,
      bucket: BUCKET,
    },
  };
}

function serverTargets(servers: Servers, isReady: Target['isReady']): readonly Target[] {
  const { proxies, disks } = servers;
  const target = (name: ServerName, own: Harms = {}): Target => {
    const { [name]: server } = servers;
    const proxy = proxies[name];
    const mend = async () => proxy.mend();
    const more =
      disks === null ? own : { ...own, 'disk-full': () => fillDisk(disks[name], server) };
    const harmed = {
      pid: () => server.pid,
      kill: () => server.kill(),
      // What the launcher calls stopping also deletes the data.
      stop: async () => {
        process.kill(server.pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
      },
      // A server that was killed may still be leaving.
      start: () => retried(() => server.restart()),
    };
    return {
      name,
      kinds: [...OF_PROCESSES, 'cut', 'silence', ...(Object.keys(more) as FaultKind[])],
      isReady,
      harm: {
        ...processHarms(harmed),
        cut: async () => {
          proxy.cut();
          return mend;
        },
        silence: async () => {
          proxy.silence();
          return mend;
        },
        ...more,
      },
    };
  };
  return [
    target('nats'),
    target('s3'),
    target('postgres', { credentials: () => changePassword(servers.admin) }),
  ];
}

/** Whichever worker trains when the fault comes; no schedule draws it, as it is one of the others. */
function workerThatTrains(
  workers: readonly { readonly metricsPort: number; readonly supervised: Supervised }[],
): Target {
  const find = async (): Promise<Supervised> => {
    for (const { metricsPort, supervised } of workers)
      if ((await trainingStepsAt(metricsPort).catch(() => 0)) > 0) return supervised;
    throw new Error('no worker trains');
  };
  return {
    name: 'worker-that-trains',
    kinds: [],
    isReady: async () =>
      (await Promise.all(workers.map(({ supervised }) => supervised.isReady()))).every(Boolean),
    harm: { pause: async () => pause((await find()).pid()) },
  };
}

/** With room again a person starts the server again: NATS takes no messages before that, and PostgreSQL may have ended. */
async function fillDisk(
  disk: SmallDisk,
  server: { restart(): Promise<void> },
): Promise<() => Promise<void>> {
  const empty = await disk.fill();
  return async () => {
    await empty();
    await retried(() => server.restart());
  };
}

/** Another password, and nobody stays in by the old one. */
async function changePassword(admin: DatabaseServer): Promise<() => Promise<void>> {
  const change = (password: string) =>
    retried(() => asAdmin(admin, `ALTER ROLE ${ROLE} PASSWORD '${password}'`));
  await change('another-password');
  await asAdmin(
    admin,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${ROLE}'`,
  );
  return () => change(PASSWORD);
}

async function readCluster({ nats, s3, admin, monitoringPort }: Servers) {
  const objects = await createS3ObjectStore({
    endpoint: s3.url,
    accessKey: s3.accessKey,
    secretKey: s3.secretKey,
    bucket: BUCKET,
  });
  const bus = await createJetStreamBus({ url: nats.url });
  try {
    return await readSnapshot({
      databases: admin,
      objects,
      readBus: () => readJetStream(monitoringPort, bus),
    });
  } finally {
    await bus.close();
    await objects.close();
  }
}

function outputOf(processes: readonly Supervised[]): string {
  return processes.map(({ name, output }) => `== ${name}\n${output()}`).join('\n');
}
