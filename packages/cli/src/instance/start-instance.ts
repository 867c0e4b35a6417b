import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { mountGateway } from '@deepstyle/gateway';
import {
  createHttpApp,
  createLogger,
  type Environment,
  LOG_LEVELS,
  type Logger,
  listenHttp,
} from '@deepstyle/platform';
import { type Composition, compose, describeAccess } from '@deepstyle/service';
import { removeAbandonedSnapshots } from '@deepstyle/storage';
import getPort from 'get-port';
import { createHumanLog } from '../output/human-log.ts';
import { say } from '../output/say.ts';
import { announceInstance, type Instance } from './instance.ts';
import { SERVICES } from './services.ts';
import { mountSnapshots } from './snapshots.ts';

/** Starts all six services, the gateway and the page in this process. */
export async function startInstance(
  environment: Environment,
  options: { readonly dataFolder: string; readonly port: number | undefined },
): Promise<Instance & { readonly access: string }> {
  const dataFolder = resolve(options.dataFolder);
  const logger = createInstanceLogger(environment);
  const wanted = options.port ?? (environment.HTTP_PORT === '0' ? 0 : undefined);
  // Asking the system for a port while listening would be surer, but signed addresses of objects name it before.
  const port = wanted === 0 ? await getPort({ host: '127.0.0.1' }) : wanted;
  const composition = await compose({
    services: SERVICES,
    logger,
    environment: {
      ...withToken(environment),
      DEEPSTYLE_DATA: dataFolder,
      ...(port === undefined ? {} : { HTTP_PORT: String(port) }),
    },
  });
  const { stack } = composition;
  try {
    await sweepSnapshots(dataFolder, logger);
    const reached = await serveGraph(composition, logger);
    stack.defer('instance file', announceInstance(dataFolder, reached));
    composition.health.markReady();
    const access = describeAccess(composition.settings, 'embedded');
    logger.info({}, access);
    // It is this very process.
    const isAlive = async () => true;
    return { ...reached, access, isOwn: true, isAlive, close: () => stack.close() };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

/** What backups left that were killed. */
async function sweepSnapshots(dataFolder: string, logger: Logger): Promise<void> {
  try {
    await removeAbandonedSnapshots(dataFolder);
  } catch (error) {
    logger.warn({ error }, 'snapshots of backups that were killed cannot be removed');
  }
}

/** Listens with the gateway, the images and the page. */
async function serveGraph(
  composition: Composition,
  logger: Logger,
): Promise<Pick<Instance, 'url' | 'token'>> {
  const { stack, settings, health, subgraphs, objects, verifySignedUrl } = composition;
  const { httpHost: host, httpPort: port, publicUrl, apiToken = '' } = settings;
  const app = createHttpApp(health, { host, publicUrl });
  mountSnapshots(app, composition);
  const gateway = await mountGateway({
    ...{ app, subgraphs, subgraphUrls: {}, objects, verifySignedUrl, access: settings, logger },
  });
  stack.defer('graph', () => gateway.close());
  const http = await listenHttp(app, { port, host, setting: '--port' });
  stack.defer('HTTP server', () => http.close());
  return { url: localAddress(host, http.port), token: apiToken };
}

/** Mutations need a token: where none is given, one is drawn for the life of this instance. */
function withToken(environment: Environment): Environment {
  const isGiven = Boolean(environment.API_TOKEN || environment.API_TOKEN_FILE);
  return isGiven
    ? environment
    : { ...environment, API_TOKEN: randomBytes(24).toString('base64url') };
}

/** The address under which this machine reaches what listens on `host`. */
function localAddress(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** People watch the progress, and warnings stand out from it in their words; who sets LOG_LEVEL gets JSON lines. */
function createInstanceLogger(environment: Environment): Logger {
  const level = LOG_LEVELS.find((known) => known === environment.LOG_LEVEL);
  if (level !== undefined) return createLogger({ level, name: 'deepstyle' });
  return createLogger({ level: 'warn', name: 'deepstyle', write: createHumanLog(say) });
}
