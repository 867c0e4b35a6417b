import {
  createHttpApp,
  createLogger,
  type Environment,
  Health,
  listenHttp,
  readSettingsTables,
  ShutdownStack,
  startTelemetry,
} from '@deepstyle/platform';
import {
  describeAccess,
  openObjectsFromSettings,
  PROCESS_SETTINGS,
  type ProcessSettings,
  refuseClosedReads,
} from '@deepstyle/service';
import { limitDecodeMemory } from '@deepstyle/vision';
import { mountGateway } from './gateway.ts';
import { SUBGRAPH_SETTINGS, type SubgraphUrls } from './settings.ts';

export interface RunningGateway {
  readonly httpPort: number;
  /** Where METRICS_PORT is set: the port that metrics are served on. */
  readonly metricsPort: number | undefined;
  readonly settings: Readonly<ProcessSettings>;
  readonly stack: ShutdownStack;
  close(): Promise<void>;
}

/** The gateway as a process of its own, over remote subgraphs. */
export async function startGateway(environment: Environment): Promise<RunningGateway> {
  const [settings, subgraphUrls] = readSettingsTables<[ProcessSettings, SubgraphUrls]>(
    [PROCESS_SETTINGS, SUBGRAPH_SETTINGS],
    environment,
  );
  refuseClosedReads(settings);
  limitDecodeMemory(settings.decodeMemoryMb * 1e6);
  const logger = createLogger({ level: settings.logLevel, name: 'gateway' });
  const stack = new ShutdownStack(logger, settings.shutdownGraceMs + 5_000);
  try {
    const { metricsPort } = await startTelemetry({
      settings,
      name: 'gateway',
      host: settings.httpHost,
      logger,
      stack,
    });
    const { store: objects, verifySignedUrl } = await openObjectsFromSettings(settings);
    stack.defer('objects', () => objects.close());
    const health = new Health([
      { name: 'objects', check: async () => void (await objects.head('health')) },
    ]);
    const app = createHttpApp(health, { host: settings.httpHost, publicUrl: settings.publicUrl });
    const gateway = await mountGateway({
      app,
      subgraphs: [],
      subgraphUrls,
      objects,
      verifySignedUrl,
      access: settings,
      serviceToken: settings.serviceTokens[0],
      logger,
    });
    stack.defer('graph', () => gateway.close());
    const http = await listenHttp(app, {
      port: settings.httpPort,
      host: settings.httpHost,
      setting: 'HTTP_PORT',
    });
    stack.defer('HTTP server', () => http.close());
    const stopObserving = health.observe();
    stack.deferFirst('readiness', () => {
      stopObserving();
      health.markDraining();
    });
    health.markReady();
    logger.info({}, describeAccess(settings, 'gateway'));
    logger.info({ http: http.port }, 'ready');
    return { httpPort: http.port, metricsPort, settings, stack, close: () => stack.close() };
  } catch (error) {
    await stack.close();
    throw error;
  }
}
