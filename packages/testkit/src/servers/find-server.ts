import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { processEnvironment } from '@deepstyle/platform';

/** The programs of each server; for S3 see `s3Program`. */
const PROGRAMS = {
  nats: ['nats-server'],
  postgres: ['postgres'],
  kubernetes: ['kube-apiserver', 'etcd', 'kube-scheduler', 'kube-controller-manager', 'kwok'],
  helm: ['helm'],
} as const;

export type ServerName = keyof typeof PROGRAMS | 's3';

/** What speaks S3: versitygw, or what DEEPSTYLE_S3_SERVER names. Both over a folder. */
export function s3Program(): 'versitygw' | 'minio' {
  const { DEEPSTYLE_S3_SERVER: name = 'versitygw' } = processEnvironment();
  if (name === 'versitygw' || name === 'minio') return name;
  throw new Error(`DEEPSTYLE_S3_SERVER must be versitygw or minio, not ${name}`);
}

function programsOf(server: ServerName): readonly [string, ...string[]] {
  return server === 's3' ? [s3Program()] : PROGRAMS[server];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian keeps PostgreSQL's programs out of the PATH; the newest version first. */
function postgresFolders(): string[] {
  const root = '/usr/lib/postgresql';
  try {
    const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(root, version, 'bin'));
  } catch {
    return [];
  }
}

/** The path of a program of the PATH, of the folder of built test servers, or of PostgreSQL; null where it is nowhere. */
export function findProgram(name: string): string | null {
  const { DEEPSTYLE_CACHE = join(homedir(), '.cache/deepstyle'), PATH = '' } = processEnvironment();
  const folders = [join(DEEPSTYLE_CACHE, 'bin'), ...PATH.split(delimiter), ...postgresFolders()];
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

export function serverAvailable(server: ServerName): boolean {
  return programsOf(server).every((name) => findProgram(name) !== null);
}

/** The path of a server's program; throws where it is not installed. */
export function serverProgram(server: ServerName): string {
  return requireProgram(programsOf(server)[0]);
}

/** The path of a program; throws where it is not installed. */
export function requireProgram(name: string): string {
  const path = findProgram(name);
  if (path === null)
    throw new Error(`${name} is not installed: see .ci/run and test/README.md for how it is built`);
  return path;
}
