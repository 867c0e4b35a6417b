import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { DeepStyleError } from './errors.ts';
import type { Health } from './health.ts';
import { refuseForeignHosts, type ServedAddress } from './host-check.ts';
import { traceRequests } from './telemetry/http-spans.ts';

export class PortTakenError extends DeepStyleError {
  constructor(port: number, setting: string) {
    super({
      code: 'UNAVAILABLE',
      reason: 'PORT_TAKEN',
      message: `Port ${port} is taken by another program. Stop that program, or choose another port with ${setting}.`,
    });
  }
}

/** The system does not let this process listen there. */
export class ListenRefusedError extends DeepStyleError {
  constructor(address: string, setting: string, cause: unknown) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'LISTEN_REFUSED',
      message: `Nothing can listen on ${address} here (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}). Choose another address with ${setting}.`,
      cause,
    });
  }
}

/** An express app that answers the three probes, and runs every other request in a span of its trace. */
export function createHttpApp(health: Health, address: ServedAddress): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(refuseForeignHosts(address));
  app.use((_request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    next();
  });
  app.get('/livez', (_request, response) => {
    response.json({ ok: true });
  });
  app.get('/startupz', (_request, response) => {
    response.status(health.state === 'starting' ? 503 : 200).json({ state: health.state });
  });
  app.get('/readyz', async (_request, response) => {
    const report = await health.readiness();
    response.status(report.ok ? 200 : 503).json(report);
  });
  app.use(traceRequests());
  return app;
}

/**
 * Longer than the minute for which proxies and load balancers keep a connection: the one that closes it is then the
 * one that sends on it, and no request meets a connection that is closing. The time for headers begins with the first
 * byte of a request, so it need not be longer.
 */
const KEEP_ALIVE_MS = 65_000;

export interface ListeningHttpServer {
  readonly port: number;
  readonly server: Server;
  close(): Promise<void>;
}

/**
 * Listens; port 0 takes a free one.
 *
 * @throws PortTakenError, ListenRefusedError naming the port and the setting that moves it
 */
export async function listenHttp(
  app: Express,
  options: { readonly port: number; readonly host: string; readonly setting: string },
): Promise<ListeningHttpServer> {
  const server = createServer(app);
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const { host, port, setting } = options;
      reject(
        error.code === 'EADDRINUSE'
          ? new PortTakenError(port, setting)
          : new ListenRefusedError(`${host}:${port}`, `${setting} or HTTP_HOST`, error),
      );
    });
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // Requests under way get a moment; streams to idle browsers must not hold the process up.
        setTimeout(() => server.closeAllConnections(), 3_000).unref();
      }),
  };
}
