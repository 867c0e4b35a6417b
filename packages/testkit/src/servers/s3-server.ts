import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { temporaryFolder } from '../temporary-folder.ts';
import { s3Program, serverProgram } from './find-server.ts';
import { type ServerCommand, type ServerProcess, startServer } from './server-process.ts';

export interface S3Server {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** Starts again on the same port with what was stored. */
  restart(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface S3ServerOptions {
  /** A folder that its data lies in; by default that of the system for temporary files. */
  readonly within?: string | undefined;
}

const KEYS = { accessKey: 'deepstyle-tests', secretKey: 'a-secret-of-tests' };

/**
 * An S3 server on a free port, its data in a temporary folder: versitygw, or MinIO where the environment says
 * `DEEPSTYLE_S3_SERVER=minio`.
 */
export async function startS3(options: S3ServerOptions = {}): Promise<S3Server> {
  const folder = await temporaryFolder('deepstyle-s3', options.within);
  const port = await getPort({ host: '127.0.0.1' });
  const { command, process } =
    s3Program() === 'minio'
      ? await startMinio(folder.path, port)
      : await startVersity(folder.path, port);
  let running = process;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    region: 'us-east-1',
    ...KEYS,
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

interface Started {
  readonly command: ServerCommand;
  readonly process: ServerProcess;
}

async function startVersity(folder: string, port: number): Promise<Started> {
  const [buckets, metadata, users] = ['buckets', 'metadata', 'users'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  for (const path of [buckets, metadata, users]) await mkdir(path);
  const commandWith = (...storage: string[]): ServerCommand => ({
    program: serverProgram('s3'),
    args: [
      ...['--port', `127.0.0.1:${port}`, '--access', KEYS.accessKey, '--secret', KEYS.secretKey],
      ...['--iam-dir', users, '--quiet', '--keep-alive', 'posix', ...storage, buckets],
    ],
    port,
  });
  // With extended attributes an object and its metadata are replaced at once; not every file system keeps them.
  const usual = commandWith();
  try {
    return { command: usual, process: await startServer(usual) };
  } catch {
    const command = commandWith('--sidecar', metadata);
    return { command, process: await startServer(command) };
  }
}

async function startMinio(folder: string, port: number): Promise<Started> {
  const command: ServerCommand = {
    program: serverProgram('s3'),
    args: ['server', '--address', `127.0.0.1:${port}`, '--quiet', join(folder, 'data')],
    port,
    environment: {
      MINIO_ROOT_USER: KEYS.accessKey,
      MINIO_ROOT_PASSWORD: KEYS.secretKey,
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
    },
    // It listens before it answers.
    readyUrl: `http://127.0.0.1:${port}/minio/health/ready`,
  };
  return { command, process: await startServer(command) };
}
