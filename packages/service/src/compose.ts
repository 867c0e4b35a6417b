import type { ServiceName } from '@deepstyle/contracts';
import {
  assetPath,
  type Environment,
  Health,
  type HealthCheck,
  type Logger,
  readSettingsTables,
  ShutdownStack,
  startTelemetry,
} from '@deepstyle/platform';
import {
  type Bus,
  checkDatabaseWrite,
  createOutbox,
  type Database,
  type DatabaseServer,
  migrate,
  type ObjectStore,
  type OpenedObjects,
  readInstallationId,
} from '@deepstyle/storage';
import { limitDecodeMemory } from '@deepstyle/vision';
import { requiredServiceTokens } from './access.ts';
import { createServiceOutbox, wakingOutbox } from './events/outbox.ts';
import { withDeadLetters } from './graph/dead-letters.ts';
import { createSubgraph, type Subgraph } from './graph/subgraph.ts';
import { createCalls } from './grpc/calls.ts';
import { type ListeningGrpcServer, listenGrpc } from './grpc/server.ts';
import { openStores, type Stores } from './open-stores.ts';
import { createPeers, PEER_SETTINGS, type PeerAddresses } from './peers.ts';
import { PROCESS_SETTINGS, type ProcessSettings } from './process-settings.ts';
import { type Reconciling, startReconciling } from './reconcile/start-reconciling.ts';
import type { Service, ServicePorts } from './service.ts';
import { type CreatedService, startWork } from './start-work.ts';

/** Probes of a process ask as often as they like. */
const WRITE_CHECK_HOLDS_MS = 5_000;

export interface ComposeOptions {
  readonly services: readonly Service[];
  readonly environment: Environment;
  readonly logger: Logger;
  readonly clock?: () => Date;
}

/** Several services running in this process, over one set of stores. */
export interface Composition extends Reconciling {
  readonly settings: Readonly<ProcessSettings>;
  readonly subgraphs: readonly Subgraph[];
  readonly databases: DatabaseServer;
  readonly objects: ObjectStore;
  readonly verifySignedUrl: OpenedObjects['verifySignedUrl'];
  readonly bus: Bus;
  readonly health: Health;
  readonly grpcPort: number;
  /** Where METRICS_PORT is set: the port that metrics are served on. */
  readonly metricsPort: number | undefined;
  /** Resolves when no job has run for WORKER_IDLE_EXIT_SECONDS. */
  readonly idle: Promise<void>;
  readonly stack: ShutdownStack;
  /** From readiness to stores, in the reverse order of their opening. */
  close(): Promise<void>;
}

/**
 * Opens the stores, migrates and creates each service, listens for gRPC, and starts consumers and jobs.
 *
 * @throws SettingsError and what the stores throw; whatever was opened is closed again
 */
export async function compose(options: ComposeOptions): Promise<Composition> {
  const { services, environment, logger, clock = () => new Date() } = options;
  const [settings, addresses, ...serviceSettings] = readSettingsTables<
    [ProcessSettings, PeerAddresses, ...object[]]
  >([PROCESS_SETTINGS, PEER_SETTINGS, ...services.map((service) => service.settings)], environment);
  limitDecodeMemory(settings.decodeMemoryMb * 1e6);
  const names = services.map(({ name }) => name);
  const stack = new ShutdownStack(logger, settings.shutdownGraceMs + 5_000);
  try {
    const { metricsPort } = await startTelemetry({
      settings,
      name: names.length === 1 && names[0] ? names[0] : 'deepstyle',
      host: settings.httpHost,
      logger,
      stack,
    });
    const stores = await openStores(settings, stack, logger);
    const peers = createPeers(names, addresses);
    const { calls, close } = createCalls(peers.addressOf, clock, settings.serviceTokens[0]);
    stack.defer('gRPC clients', close);
    const created: MigratedService[] = [];
    for (const [index, service] of services.entries()) {
      const wiring = { settings: serviceSettings[index] ?? {}, logger, calls, clock };
      created.push(await createService(service, wiring, stores, stack));
    }
    const grpc = await listenGrpc(
      created.flatMap(({ parts }) => parts.grpc),
      {
        host: settings.grpcHost,
        port: settings.grpcPort,
        graceMs: settings.shutdownGraceMs,
        tokens: requiredServiceTokens(settings),
      },
    );
    stack.defer('gRPC server', () => grpc.close());
    const host = settings.grpcHost === '0.0.0.0' ? '127.0.0.1' : settings.grpcHost;
    peers.listeningAt(`${host}:${grpc.port}`);
    const sweep = {
      afterHours: settings.objectSweepHours,
      installation: () => readInstallationId(stores.databases),
    };
    const { reconcile } = startReconciling(
      settings.role === 'worker' ? [] : created.map((one) => ({ ...one, bus: stores.bus, sweep })),
      stack,
    );
    const { idle } = await startWork(created, stores.bus, settings, logger, stack);
    const databases = created.map(({ ports }) => ports.database);
    const health = startHealth(databases, stores, grpc, stack);
    const { objects, verifySignedUrl, bus } = stores;
    return {
      settings,
      subgraphs: created.map(({ subgraph }) => subgraph),
      databases: stores.databases,
      objects,
      verifySignedUrl,
      bus,
      health,
      grpcPort: grpc.port,
      metricsPort,
      idle,
      reconcile,
      stack,
      close: () => stack.close(),
    };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

interface MigratedService extends CreatedService {
  readonly name: ServiceName;
  readonly ports: ServicePorts<object>;
  readonly subgraph: Subgraph;
}

async function createService(
  service: Service,
  wiring: Pick<ServicePorts<object>, 'settings' | 'logger' | 'calls' | 'clock'>,
  stores: Stores,
  stack: ShutdownStack,
): Promise<MigratedService> {
  const { name } = service;
  const logger = wiring.logger.child({ component: name });
  const schema = await stores.databases.schema(name.replaceAll('-', '_'));
  await migrate(schema, assetPath(`services/${name}/migrations`));
  const outbox = createOutbox({ database: schema, bus: stores.bus, logger });
  const database = wakingOutbox(schema, outbox);
  const ports = {
    ...wiring,
    logger,
    database,
    objects: stores.objects,
    outbox: createServiceOutbox(outbox, wiring.clock),
  };
  const parts = service.create(ports);
  stack.defer(`${name} use cases`, parts.close);
  stack.defer(`${name} outbox`, () => outbox.close());
  const resolvers = withDeadLetters(parts.resolvers, stores.bus);
  const subgraph = createSubgraph(name, resolvers, parts.createLoaders, logger);
  return { name, service, ports, parts, subgraph, outbox };
}

/** A store that is full or takes no writes answers reads all the same. */
function writeCheck(store: string, check: () => Promise<void>): HealthCheck {
  return { name: `${store} (write)`, check, holdsMs: WRITE_CHECK_HOLDS_MS };
}

/** Readiness, which falls first when the process closes. */
function startHealth(
  databases: readonly Database[],
  stores: Stores,
  grpc: ListeningGrpcServer,
  stack: ShutdownStack,
): Health {
  const { bus, objects } = stores;
  const [first] = databases;
  const health = new Health([
    {
      name: 'database',
      check: async () => {
        await Promise.all(databases.map((database) => database.check()));
      },
    },
    { name: 'bus', check: () => bus.check() },
    { name: 'objects', check: async () => void (await objects.head('health')) },
    // One server holds them all.
    ...(first === undefined ? [] : [writeCheck('database', () => checkDatabaseWrite(first))]),
    writeCheck('bus', () => bus.checkWrite()),
    writeCheck('objects', () => objects.check()),
  ]);
  const stopObserving = health.observe();
  stack.deferFirst('readiness', () => {
    stopObserving();
    health.markDraining();
    grpc.markDraining();
  });
  grpc.markReady();
  return health;
}
