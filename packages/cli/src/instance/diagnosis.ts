import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  DeepStyleError,
  describeSettings,
  type Environment,
  explainFailure,
  readSettings,
  readSettingsTables,
} from '@deepstyle/platform';
import {
  freeBytesOf,
  openBusFromSettings,
  openDatabaseFromSettings,
  openObjectsFromSettings,
  PROCESS_SETTINGS,
  type ProcessSettings,
} from '@deepstyle/service';
import type { DatabaseServer } from '@deepstyle/storage';
import { findInstance } from './instance.ts';
import { SERVICES } from './services.ts';

/** What `doctor` found. */
export interface Diagnosis {
  readonly findings: readonly {
    readonly check: string;
    readonly ok: boolean;
    readonly detail: string;
  }[];
  /** Every setting with its origin, by what it belongs to. */
  readonly settings: readonly {
    readonly of: string;
    readonly env: string;
    readonly value: string;
    readonly source: string;
  }[];
}

type Attempt = (check: string, work: () => Promise<string> | string) => Promise<boolean>;

class CheckFailedError extends DeepStyleError {
  constructor(message: string) {
    super({ code: 'FAILED_PRECONDITION', reason: 'CHECK_FAILED', message });
  }
}

const MIN_FREE_BYTES = 1e9;
const TABLES = [
  { of: 'process', table: PROCESS_SETTINGS as object },
  ...SERVICES.map(({ name, settings }) => ({ of: name as string, table: settings as object })),
];

/** Reads every setting, and tries the engine and every store. */
export async function diagnose(environment: Environment, dataFolder: string): Promise<Diagnosis> {
  const effective = { ...environment, DEEPSTYLE_DATA: dataFolder };
  const findings = await examine(effective, dataFolder);
  const settings = TABLES.flatMap(({ of, table }) =>
    describeSettings(table as never, effective).map((setting) => ({ of, ...setting })),
  );
  return { findings, settings };
}

async function examine(environment: Environment, dataFolder: string) {
  const findings: Diagnosis['findings'][number][] = [];
  const attempt: Attempt = async (check, work) => {
    try {
      findings.push({ check, ok: true, detail: await work() });
      return true;
    } catch (error) {
      findings.push({ check, ok: false, detail: explainFailure(error) });
      return false;
    }
  };
  await attempt('node', () => process.version);
  await attempt('engine', async () => `onnxruntime ${await engineVersion()}`);
  await attempt('images', async () => `sharp ${(await import('sharp')).default.versions.sharp}`);
  const areReadable = await attempt('settings', () => {
    readSettingsTables(TABLES.map(({ table }) => table) as never, environment);
    return 'all can be read';
  });
  if (areReadable)
    await tryStores(readSettings(PROCESS_SETTINGS, environment), dataFolder, attempt);
  return findings;
}

async function tryStores(
  settings: ProcessSettings,
  dataFolder: string,
  attempt: Attempt,
): Promise<void> {
  const { databaseUrl, natsUrl, s3Endpoint } = settings;
  if (databaseUrl === undefined || s3Endpoint === undefined) {
    const usable = await attempt('data folder', () => describeFolder(dataFolder));
    if (!usable) return;
    const running = await findInstance(dataFolder);
    if (running !== null) {
      // Its stores are in use; it tells itself how they are.
      await attempt('instance', () => describeInstance(running.url));
      return;
    }
    if (!existsSync(join(dataFolder, 'database')) && databaseUrl === undefined) {
      await attempt('stores', () => 'not made yet; the first command makes them');
      return;
    }
  }
  await attempt('objects', async () => {
    const { store } = await openObjectsFromSettings(settings);
    try {
      await store.check();
      return s3Endpoint === undefined ? 'files in the data folder' : `bucket ${settings.s3Bucket}`;
    } finally {
      await store.close();
    }
  });
  const opened: { server: DatabaseServer | null } = { server: null };
  await attempt('database', async () => {
    opened.server = await openDatabaseFromSettings(settings);
    return databaseUrl === undefined ? 'embedded' : 'PostgreSQL';
  });
  const { server } = opened;
  if (server === null) return;
  try {
    await attempt('bus', async () => {
      const bus = await openBusFromSettings(settings, server);
      try {
        await bus.check();
        await bus.checkWrite();
        return natsUrl === undefined ? 'tables of the database' : 'NATS JetStream';
      } finally {
        await bus.close();
      }
    });
  } finally {
    await server.close();
  }
}

async function describeInstance(url: string): Promise<string> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(10_000) });
  const { ok, failing } = (await response.json()) as { ok: boolean; failing: readonly string[] };
  if (!ok)
    throw new CheckFailedError(`up at ${url}, but not well: ${failing.join(', ') || 'starting'}`);
  return `up at ${url}, its stores answer`;
}

function describeFolder(folder: string): string {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const free = freeBytesOf(existing);
  if (free < MIN_FREE_BYTES) {
    const mb = Math.floor(free / 1e6);
    throw new CheckFailedError(
      `${folder} has only ${mb} MB free; make room or choose another with --data`,
    );
  }
  return `${folder}, ${(free / 1e9).toFixed(0)} GB free`;
}

async function engineVersion(): Promise<string> {
  const { engineVersion: version } = await import('@deepstyle/engine');
  return version();
}
