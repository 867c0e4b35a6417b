import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  DeepStyleError,
  describeError,
  describeSettings,
  type Environment,
  readSettings,
} from '@deepstyle/platform';
import {
  openObjectsFromSettings,
  PROCESS_SETTINGS,
  type ProcessSettings,
} from '@deepstyle/service';
import { openBus, openDatabaseServer } from '@deepstyle/storage';
import type { Options } from './command-line.ts';
import { dataFolderOf, findInstance } from './instance.ts';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

const MIN_FREE_BYTES = 1e9;

/** `deepstyle doctor`: every setting with its origin, and every store tried. Exit code 1 where something is wrong. */
export async function doctorCommand(options: Options, environment: Environment): Promise<number> {
  const dataFolder = dataFolderOf(options.data, environment);
  const effective = { ...environment, DEEPSTYLE_DATA: dataFolder };
  const findings = await examine(effective, dataFolder);
  const settings = describeSettings(PROCESS_SETTINGS, effective);
  const ok = findings.every((finding) => finding.ok);
  if (options.json) process.stdout.write(`${JSON.stringify({ ok, findings, settings })}\n`);
  else {
    const lines = settings.map(
      ({ env, value, source }) => `  ${env.padEnd(18)} ${value || '(empty)'}  [${source}]`,
    );
    process.stdout.write(`settings\n${lines.join('\n')}\nchecks\n`);
    for (const { check, ok: good, detail } of findings)
      process.stdout.write(`  ${good ? 'ok  ' : 'FAIL'} ${check.padEnd(12)} ${detail}\n`);
  }
  return ok ? 0 : 1;
}

async function examine(environment: Environment, dataFolder: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const attempt = async (check: string, work: () => Promise<string> | string): Promise<void> => {
    try {
      findings.push({ check, ok: true, detail: await work() });
    } catch (error) {
      const detail = error instanceof DeepStyleError ? error.message : describeError(error);
      findings.push({ check, ok: false, detail });
    }
  };
  await attempt('node', () => process.version);
  await attempt('data folder', () => describeFolder(dataFolder));
  await attempt('engine', async () => `onnxruntime ${await engineVersion()}`);
  await attempt('images', async () => `sharp ${(await import('sharp')).default.versions.sharp}`);
  const running = await findInstance(dataFolder);
  if (running !== null) {
    findings.push({
      check: 'instance',
      ok: true,
      detail: `up at ${running.url}; its stores are in use and fine`,
    });
    return findings;
  }
  await attempt('settings', () => {
    readSettings(PROCESS_SETTINGS, environment);
    return 'all can be read';
  });
  if (findings.at(-1)?.ok === true)
    await tryStores(readSettings(PROCESS_SETTINGS, environment), attempt);
  return findings;
}

async function tryStores(
  settings: ProcessSettings,
  attempt: (check: string, work: () => Promise<string>) => Promise<void>,
): Promise<void> {
  await attempt('objects', async () => {
    const { store: objects } = await openObjectsFromSettings(settings);
    try {
      await objects.check();
      return settings.s3Endpoint === undefined
        ? 'files in the data folder'
        : `bucket ${settings.s3Bucket}`;
    } finally {
      await objects.close();
    }
  });
  await attempt('database', async () => {
    const server = await openDatabaseServer({
      dataFolder: settings.dataFolder,
      ...(settings.databaseUrl === undefined ? {} : { url: settings.databaseUrl }),
    });
    try {
      await attempt('bus', async () => {
        const bus = await openBus({
          databaseServer: server,
          ...(settings.natsUrl === undefined ? {} : { natsUrl: settings.natsUrl }),
        });
        try {
          await bus.check();
          return settings.natsUrl === undefined ? 'embedded' : 'NATS JetStream';
        } finally {
          await bus.close();
        }
      });
      return settings.databaseUrl === undefined ? 'embedded' : 'PostgreSQL';
    } finally {
      await server.close();
    }
  });
}

function describeFolder(folder: string): string {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  accessSync(existing, constants.W_OK);
  const { bavail, bsize } = statfsSync(existing);
  const free = bavail * bsize;
  if (free < MIN_FREE_BYTES)
    throw new Error(
      `${folder} has only ${(free / 1e6).toFixed(0)} MB free; make room or choose another with --data`,
    );
  return `${folder}, ${(free / 1e9).toFixed(0)} GB free`;
}

async function engineVersion(): Promise<string> {
  const { engineVersion: version } = await import('@deepstyle/engine');
  return version();
}
