import { execFile } from 'node:child_process';
import { chown, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { temporaryFolder } from '../temporary-folder.ts';
import { serverProgram } from './find-server.ts';
import { startServer } from './server-process.ts';

export interface PostgresServer {
  /** `postgres://deepstyle:…@127.0.0.1:<port>/postgres` of a superuser. */
  readonly url: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** Starts again on the same port with what was stored. */
  restart(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const USER = 'deepstyle';
const PASSWORD = 'a-password-of-tests';

/** PostgreSQL refuses to run as root: then it runs as the user `postgres`. */
async function owner(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const idOf = async (flag: string): Promise<number> =>
    Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

export interface PostgresServerOptions {
  /** Further settings, e.g. `['synchronous_commit=on']`. */
  readonly settings?: readonly string[];
  /** A folder that its data lies in; by default that of the system for temporary files. */
  readonly within?: string | undefined;
}

/** A PostgreSQL on a free port, its data in a temporary folder; fast rather than safe from kills and power cuts. */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const program = serverProgram('postgres');
  const folder = await temporaryFolder('deepstyle-postgres', options.within);
  const { uid, gid } = await owner();
  if (uid !== undefined && gid !== undefined) await chown(folder.path, uid, gid);
  const data = join(folder.path, 'data');
  const passwordFile = join(folder.path, 'password');
  await writeFile(passwordFile, PASSWORD, { mode: 0o644 });
  await run(
    join(dirname(program), 'initdb'),
    [
      ...['-D', data, '-U', USER, '-A', 'scram-sha-256', '--pwfile', passwordFile],
      ...['--no-sync', '-E', 'UTF8', '--no-locale'],
    ],
    { cwd: '/', ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) },
  );
  const port = await getPort({ host: '127.0.0.1' });
  const fast = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off'];
  const settings = [...fast, ...(options.settings ?? [])];
  const command = {
    program,
    args: [
      ...['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder.path],
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    port,
    uid,
    gid,
    // "Fast" shutdown: does not wait for clients.
    stopSignal: 'SIGINT' as const,
  };
  let running = await startServer(command);
  return {
    url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    port,
    user: USER,
    password: PASSWORD,
    get pid() {
      return running.pid;
    },
    async restart() {
      await running.stop();
      running = await startServer(command);
    },
    kill: () => running.kill(),
    async stop() {
      await running.stop();
      await folder.remove();
    },
  };
}
