import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';
import { serverProgram } from './find-server.ts';
import { freePort, startServer } from './server-process.ts';

export interface S3Server {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Starts again on the same port with what was stored. */
  restart(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** An S3 server (versitygw) on a free port, its data in a temporary folder. */
export async function startS3(): Promise<S3Server> {
  const program = serverProgram('s3');
  const folder = await temporaryFolder('deepstyle-s3');
  const [buckets, metadata, users] = ['buckets', 'metadata', 'users'].map((name) =>
    join(folder.path, name),
  ) as [string, string, string];
  for (const path of [buckets, metadata, users]) await mkdir(path);
  const port = await freePort();
  const keys = { accessKey: 'deepstyle-tests', secretKey: 'a-secret-of-tests' };
  const commandWith = (...storage: string[]) => ({
    program,
    args: [
      ...['--port', `127.0.0.1:${port}`, '--access', keys.accessKey, '--secret', keys.secretKey],
      ...['--iam-dir', users, '--quiet', '--keep-alive', 'posix', ...storage, buckets],
    ],
    port,
  });
  // With extended attributes an object and its metadata are replaced at once; not every file system keeps them.
  let command = commandWith();
  let running = await startServer(command).catch(() => {
    command = commandWith('--sidecar', metadata);
    return startServer(command);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    region: 'us-east-1',
    ...keys,
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
