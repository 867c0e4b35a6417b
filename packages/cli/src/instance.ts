import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mountGateway } from '@deepstyle/gateway';
import {
  createHttpApp,
  createLogger,
  type Environment,
  LOG_LEVELS,
  type Logger,
  listenHttp,
} from '@deepstyle/platform';
import { type Composition, compose } from '@deepstyle/service';
import { z } from 'zod';
import { callerFolder } from './caller-folder.ts';
import { freePort } from './free-port.ts';
import { humanLogLine } from './log-line.ts';
import { SERVICES } from './services.ts';

/** How a command reaches an instance. */
export interface Instance {
  readonly url: string;
  readonly token: string;
  /** Whether this command started it. */
  readonly isOwn: boolean;
  /** Ends the instance where this command started it; otherwise does nothing. */
  close(): Promise<void>;
}

const instanceFile = z.object({ url: z.url(), token: z.string(), pid: z.int() });
const FILE = 'instance.json';

/** The instance that runs on a data folder, or null. */
export async function findInstance(dataFolder: string): Promise<Instance | null> {
  try {
    const { url, token, pid } = instanceFile.parse(
      JSON.parse(readFileSync(join(dataFolder, FILE), 'utf8')),
    );
    // Throws where that process is gone; its port may be another instance's by now.
    if (pid !== process.pid) process.kill(pid, 0);
    const response = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? { url, token, isOwn: false, close: async () => {} } : null;
  } catch {
    // No file, a stale one, or nobody answers: there is no running instance.
    return null;
  }
}

/** Starts all six services, the gateway and the page in this process. */
export async function startInstance(
  environment: Environment,
  options: { readonly dataFolder: string; readonly port: number | undefined },
): Promise<Instance & { readonly composition: Composition; readonly logger: Logger }> {
  const dataFolder = resolve(options.dataFolder);
  const logger = createInstanceLogger(environment);
  const wanted = options.port ?? (environment.HTTP_PORT === '0' ? 0 : undefined);
  const port = wanted === 0 ? await freePort() : wanted;
  const composition = await compose({
    services: SERVICES,
    logger,
    environment: {
      ...withToken(environment),
      DEEPSTYLE_DATA: dataFolder,
      ...(port === undefined ? {} : { HTTP_PORT: String(port) }),
    },
  });
  const { stack, settings, health } = composition;
  const token = settings.apiToken ?? '';
  try {
    const app = createHttpApp(health, { host: settings.httpHost, publicUrl: settings.publicUrl });
    const gateway = await mountGateway({
      app,
      subgraphs: composition.subgraphs,
      subgraphUrls: {},
      objects: composition.objects,
      verifySignedUrl: composition.verifySignedUrl,
      apiToken: token,
      logger,
    });
    stack.defer('graph', () => gateway.close());
    const http = await listenHttp(app, {
      port: settings.httpPort,
      host: settings.httpHost,
      setting: '--port',
    });
    stack.defer('HTTP server', () => http.close());
    const url = localAddress(settings.httpHost, http.port);
    announce(dataFolder, { url, token });
    stack.defer('instance file', () => rmSync(join(dataFolder, FILE), { force: true }));
    health.markReady();
    return { url, token, isOwn: true, composition, logger, close: () => stack.close() };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

/** The running instance of a data folder, or one started for this command. */
export async function openInstance(
  environment: Environment,
  dataFolder: string,
): Promise<Instance> {
  // A command's own instance takes a free port, so that it never collides with anything.
  const port = environment.HTTP_PORT === undefined ? 0 : undefined;
  return (await findInstance(dataFolder)) ?? startInstance(environment, { dataFolder, port });
}

function announce(dataFolder: string, instance: { url: string; token: string }): void {
  mkdirSync(dataFolder, { recursive: true });
  // The token lets its reader start work here: only the owner of the folder may read it.
  writeFileSync(join(dataFolder, FILE), JSON.stringify({ ...instance, pid: process.pid }), {
    mode: 0o600,
  });
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
  const write = (line: string): void => {
    process.stderr.write(humanLogLine(line));
  };
  return createLogger({ level: 'warn', name: 'deepstyle', write });
}

/** The data folder of a command: `--data`, the environment, or `.deepstyle`. */
export function dataFolderOf(option: string | undefined, environment: Environment): string {
  return resolve(callerFolder(environment), option ?? (environment.DEEPSTYLE_DATA || '.deepstyle'));
}
