import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between the services and a server, so that the network between them can fail. */
export interface ServerProxy {
  readonly port: number;
  /** Breaks all connections and takes no new ones until `mend`. */
  cut(): void;
  /** Lets nothing through until `mend`; connections stand. */
  silence(): void;
  mend(): void;
  close(): void;
}

export async function startProxy(targetPort: number): Promise<ServerProxy> {
  /** Where what comes by a socket goes. */
  const routes = new Map<Socket, Socket>();
  let state: 'open' | 'cut' | 'silent' = 'open';

  function route(from: Socket, to: Socket): void {
    routes.set(from, to);
    from.setNoDelay(true);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      routes.delete(from);
      to.end();
    });
    if (state === 'open') from.pipe(to);
  }

  const server = createServer((client) => {
    if (state === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(targetPort, '127.0.0.1');
    route(client, upstream);
    route(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      state = 'cut';
      for (const socket of routes.keys()) socket.resetAndDestroy();
    },
    silence: () => {
      state = 'silent';
      for (const [from, to] of routes) from.unpipe(to);
    },
    mend: () => {
      if (state === 'silent') for (const [from, to] of routes) from.pipe(to);
      state = 'open';
    },
    close: () => {
      server.close();
      for (const socket of routes.keys()) socket.destroy();
    },
  };
}
