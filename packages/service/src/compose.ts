import {
  assetPath,
  currentTrace,
  DeepStyleError,
  type Environment,
  Health,
  isRecordingSpans,
  type Logger,
  readSettingsTables,
  ShutdownStack,
  startTelemetry,
  withSpan,
} from '@deepstyle/platform';
import {
  type Bus,
  createOutbox,
  type Database,
  migrate,
  type ObjectStore,
  type OpenedObjects,
  type Outbox,
} from '@deepstyle/storage';
import { startConsumer } from './events/consumer.ts';
import { createIdleWatch } from './events/idle-watch.ts';
import { startJobHandler } from './events/job.ts';
import { createServiceOutbox } from './events/outbox.ts';
import { createSubgraph, type Subgraph } from './graph/subgraph.ts';
import { type AddressOf, createCalls } from './grpc/calls.ts';
import { type ListeningGrpcServer, listenGrpc } from './grpc/server.ts';
import { observeService } from './observe-service.ts';
import { openStores, type Stores } from './open-stores.ts';
import {
  grpcAddressEnv,
  PEER_SETTINGS,
  type PeerAddresses,
  PROCESS_SETTINGS,
  type ProcessSettings,
} from './process-settings.ts';
import type { Service, ServiceParts } from './service.ts';
import type { ServiceName } from './service-name.ts';

export interface ComposeOptions {
  readonly services: readonly Service[];
  readonly environment: Environment;
  readonly logger: Logger;
  readonly clock?: () => Date;
}

/** Several services running in this process, over one set of stores. */
export interface Composition {
  readonly settings: Readonly<ProcessSettings>;
  readonly subgraphs: readonly Subgraph[];
  readonly objects: ObjectStore;
  readonly verifySignedUrl: OpenedObjects['verifySignedUrl'];
  readonly bus: Bus;
  readonly health: Health;
  readonly grpcPort: number;
  /** Where METRICS_PORT is set: the port that metrics are served on. */
  readonly metricsPort: number | undefined;
  readonly stack: ShutdownStack;
  /** From readiness to stores, in the reverse order of their opening. */
  close(): Promise<void>;
}

export class PeerAddressMissingError extends DeepStyleError {
  constructor(service: ServiceName) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'PEER_ADDRESS_MISSING',
      message: `The ${service} service does not run in this process. Set ${grpcAddressEnv(service)} to its host:port.`,
    });
  }
}

/**
 * Opens the stores, migrates and creates each service, listens for gRPC, and starts consumers and jobs.
 *
 * @throws SettingsError and what the stores throw; whatever was opened is closed again
 */
export async function compose(options: ComposeOptions): Promise<Composition> {
  const { services, environment, logger } = options;
  const clock = options.clock ?? (() => new Date());
  const [settings, peers, ...serviceSettings] = readSettingsTables<
    [ProcessSettings, PeerAddresses, ...object[]]
  >([PROCESS_SETTINGS, PEER_SETTINGS, ...services.map((service) => service.settings)], environment);
  const stack = new ShutdownStack(logger, settings.shutdownGraceMs + 5_000);
  try {
    const { metricsPort } = await startTelemetry({
      settings,
      name: services.length === 1 && services[0] ? services[0].name : 'deepstyle',
      host: settings.httpHost,
      logger,
      stack,
    });
    const stores = await openStores(settings, stack, logger);
    const local: { grpc: ListeningGrpcServer | null } = { grpc: null };
    const addressOf = peerAddresses(services, peers, settings, () => local.grpc?.port);
    const calls = createCalls(addressOf, clock);
    stack.defer('gRPC clients', () => calls.close());
    const running: Running[] = [];
    for (const [index, service] of services.entries()) {
      const settingsOfService = serviceSettings[index] ?? {};
      running.push(
        await createService({
          service,
          settings: settingsOfService,
          stores,
          calls: calls.calls,
          logger,
          clock,
          stack,
        }),
      );
    }
    const grpc = await listenGrpc(
      running.flatMap(({ parts }) => parts.grpc ?? []),
      { host: settings.grpcHost, port: settings.grpcPort, graceMs: settings.shutdownGraceMs },
    );
    local.grpc = grpc;
    stack.defer('gRPC server', () => grpc.close());
    await startWork(running, stores.bus, settings, logger, stack);
    const health = new Health([
      {
        name: 'database',
        check: () => Promise.all(running.map(({ database }) => database.check())).then(() => {}),
      },
      { name: 'bus', check: () => stores.bus.check() },
      { name: 'objects', check: () => stores.objects.check() },
    ]);
    stack.defer('readiness', () => {
      health.markDraining();
      grpc.markDraining();
    });
    grpc.markReady();
    const subgraphs = running.map(({ subgraph }) => subgraph);
    const { objects, verifySignedUrl, bus } = stores;
    return {
      settings,
      subgraphs,
      objects,
      verifySignedUrl,
      bus,
      health,
      grpcPort: grpc.port,
      metricsPort,
      stack,
      close: () => stack.close(),
    };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

interface Running {
  readonly service: Service;
  readonly parts: ServiceParts;
  readonly database: Database;
  readonly subgraph: Subgraph;
  readonly outbox: Outbox;
}

async function createService(input: {
  readonly service: Service;
  readonly settings: object;
  readonly stores: Stores;
  readonly calls: ReturnType<typeof createCalls>['calls'];
  readonly logger: Logger;
  readonly clock: () => Date;
  readonly stack: ShutdownStack;
}): Promise<Running> {
  const { service, stores, clock, stack } = input;
  const { name } = service;
  const logger = input.logger.child({ component: name });
  const schema = await stores.databases.schema(name.replaceAll('-', '_'));
  await migrate(schema, assetPath(`services/${name}/migrations`));
  const outbox = createOutbox({ database: schema, bus: stores.bus, logger });
  const database = wakingOutbox(schema, outbox);
  const parts = await service.create({
    settings: input.settings,
    logger,
    database,
    objects: stores.objects,
    outbox: createServiceOutbox(outbox, clock),
    calls: input.calls,
    clock,
  });
  if (parts.close !== undefined) stack.defer(`${name} service`, parts.close);
  stack.defer(`${name} outbox`, () => outbox.close());
  const subgraph = createSubgraph(name, parts.resolvers, parts.loaders ?? (() => ({})), logger);
  return { service, parts, database, subgraph, outbox };
}

/** The same database, whose commits wake the relay instead of leaving it to its next poll. */
function wakingOutbox(database: Database, outbox: Outbox): Database {
  return {
    schema: database.schema,
    transaction: async (holder, work) => {
      const result = await inTransactionSpan(holder, () => database.transaction(holder, work));
      outbox.notify();
      return result;
    },
    check: () => database.check(),
    close: () => database.close(),
  };
}

/** A span where the transaction belongs to a trace: what a service does by itself, at intervals, is none of anybody. */
function inTransactionSpan<T>(holder: string, work: () => Promise<T>): Promise<T> {
  const parent = currentTrace();
  if (parent === null || !isRecordingSpans()) return work();
  const attributes = { 'db.system.name': 'postgresql' };
  return withSpan({ name: `transaction ${holder}`, kind: 'client', parent, attributes }, work);
}

async function startWork(
  running: readonly Running[],
  bus: Bus,
  settings: ProcessSettings,
  logger: Logger,
  stack: ShutdownStack,
): Promise<void> {
  const stopping = new AbortController();
  // It stops as if asked to, so that whatever else is under way ends in order.
  const idle = createIdleWatch(settings.workerIdleExitSeconds * 1_000, () => {
    logger.info({ seconds: settings.workerIdleExitSeconds }, 'no job for this long');
    process.kill(process.pid, 'SIGTERM');
  });
  stack.defer('idle watch', () => idle.close());
  for (const { service, parts, outbox } of running) {
    outbox.start();
    const stop = observeService(service.name, parts, { bus, outbox });
    stack.defer(`${service.name} gauges`, stop);
    const log = logger.child({ component: service.name });
    if (settings.role !== 'worker') {
      for (const definition of parts.consumers ?? []) {
        const subscription = await startConsumer(bus, service.name, definition, log);
        stack.defer(`${service.name} consumer ${definition.name}`, () =>
          subscription.close(settings.shutdownGraceMs),
        );
      }
    }
    if (settings.role !== 'api') {
      for (const definition of parts.jobs ?? []) {
        const subscription = await startJobHandler(
          bus,
          service.name,
          idle.watch(definition),
          stopping.signal,
          log,
        );
        stack.defer(`${service.name} job ${definition.kind}`, () =>
          subscription.close(settings.shutdownGraceMs),
        );
      }
    }
  }
  // Registered last, so that it comes first: long work is told to stop before anything waits for it.
  stack.defer('stop signal', () => stopping.abort(new Error('the process is stopping')));
}

function peerAddresses(
  services: readonly Service[],
  peers: PeerAddresses,
  settings: ProcessSettings,
  localPort: () => number | undefined,
): AddressOf {
  const local = new Set(services.map(({ name }) => name));
  return (name) => {
    const peer = peers[name];
    if (peer !== undefined) return peer;
    const port = localPort();
    if (!local.has(name) || port === undefined) throw new PeerAddressMissingError(name);
    const host = settings.grpcHost === '0.0.0.0' ? '127.0.0.1' : settings.grpcHost;
    return `${host}:${port}`;
  };
}
