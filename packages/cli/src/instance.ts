import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cropper } from '@deepstyle/cropper';
import { dataset } from '@deepstyle/dataset';
import { detector } from '@deepstyle/detector';
import { gallery } from '@deepstyle/gallery';
import { ganTrainer } from '@deepstyle/gan-trainer';
import { mountGateway } from '@deepstyle/gateway';
import {
  createHttpApp,
  createLogger,
  type Environment,
  type Logger,
  listenHttp,
} from '@deepstyle/platform';
import { scraper } from '@deepstyle/scraper';
import { type Composition, compose, type Service } from '@deepstyle/service';
import { z } from 'zod';

const SERVICES = [
  scraper,
  dataset,
  detector,
  cropper,
  ganTrainer,
  gallery,
] as unknown as readonly Service[];

/** How a command reaches an instance. */
export interface Instance {
  readonly url: string;
  readonly token: string;
  /** Ends the instance where this command started it; otherwise does nothing. */
  close(): Promise<void>;
}

const instanceFile = z.object({ url: z.url(), token: z.string(), pid: z.int() });
const FILE = 'instance.json';

/** The instance that runs on a data folder, or null. */
export async function findInstance(dataFolder: string): Promise<Instance | null> {
  try {
    const { url, token } = instanceFile.parse(
      JSON.parse(readFileSync(join(dataFolder, FILE), 'utf8')),
    );
    const response = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? { url, token, close: async () => {} } : null;
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
  const token = environment.API_TOKEN ?? randomBytes(24).toString('base64url');
  const logger = createLogger({ level: logLevel(environment), name: 'deepstyle' });
  const composition = await compose({
    services: SERVICES,
    logger,
    environment: {
      ...environment,
      DEEPSTYLE_DATA: dataFolder,
      API_TOKEN: token,
      ...(options.port === undefined ? {} : { HTTP_PORT: String(options.port) }),
    },
  });
  const { stack, settings, health } = composition;
  try {
    const app = createHttpApp(health);
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
    const url = `http://${settings.httpHost}:${http.port}`;
    announce(dataFolder, { url, token });
    stack.defer('instance file', () => rmSync(join(dataFolder, FILE), { force: true }));
    health.markReady();
    return { url, token, composition, logger, close: () => stack.close() };
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

function logLevel(environment: Environment): 'debug' | 'info' | 'warn' | 'error' | 'silent' {
  const level = environment.LOG_LEVEL;
  // People watch the progress; warnings stand out from it.
  return level === 'debug' || level === 'info' || level === 'error' || level === 'silent'
    ? level
    : 'warn';
}

/** The data folder of a command: `--data`, the environment, or `.deepstyle`. */
export function dataFolderOf(option: string | undefined, environment: Environment): string {
  return resolve(callerFolder(environment), option ?? environment.DEEPSTYLE_DATA ?? '.deepstyle');
}

/** The folder in which the person typed the command; the package manager changes into the repository's root. */
export function callerFolder(environment: Environment): string {
  return environment.INIT_CWD ?? process.cwd();
}
