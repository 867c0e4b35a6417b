import getPort from 'get-port';
import { temporaryFolder } from '../temporary-folder.ts';
import { serverProgram } from './find-server.ts';
import { startServer } from './server-process.ts';

export interface NatsServer {
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now. */
  readonly pid: number;
  /** Starts again on the same port with what was stored. */
  restart(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface NatsServerOptions {
  /** Further arguments of nats-server, e.g. `['--user', 'a', '--pass', 'b']`. */
  readonly args?: readonly string[];
  /** Default true. */
  readonly jetstream?: boolean;
  /** A folder that its data lies in; by default that of the system for temporary files. */
  readonly within?: string | undefined;
}

/** A nats-server with JetStream on a free port, its data in a temporary folder. */
export async function startNats(options: NatsServerOptions = {}): Promise<NatsServer> {
  const folder = await temporaryFolder('deepstyle-nats', options.within);
  const port = await getPort({ host: '127.0.0.1' });
  const storage = options.jetstream === false ? [] : ['-js', '-sd', folder.path];
  const command = {
    program: serverProgram('nats'),
    args: ['-a', '127.0.0.1', '-p', String(port), ...storage, ...(options.args ?? [])],
    port,
  };
  let running = await startServer(command);
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
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
