import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assetPath, PortTakenError } from '@deepstyle/platform';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import type { GrpcService } from '../service.ts';
import { requireServiceToken } from './service-token.ts';

const SERVER_OPTIONS = {
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.keepalive_permit_without_calls': 1,
  // Clients come back through the balancer, so that a new pod gets its share.
  'grpc.max_connection_age_ms': 300_000,
  'grpc.max_connection_age_grace_ms': 60_000,
} as const;

export interface ListeningGrpcServer {
  readonly port: number;
  markReady(): void;
  markDraining(): void;
  close(): Promise<void>;
}

/**
 * One server for all services of the process, with the standard health and reflection services.
 *
 * @throws PortTakenError
 */
export async function listenGrpc(
  services: readonly GrpcService[],
  options: {
    readonly host: string;
    readonly port: number;
    readonly graceMs: number;
    /** Calls carry one of these; none: whoever reaches the port may call. */
    readonly tokens?: readonly string[];
  },
): Promise<ListeningGrpcServer> {
  const { tokens = [] } = options;
  const interceptors = tokens.length === 0 ? [] : [requireServiceToken(tokens)];
  const server = new Server({ ...SERVER_OPTIONS, interceptors });
  for (const { definition, implementation } of services)
    server.addService(definition, implementation);
  const health = new HealthImplementation({ '': 'NOT_SERVING' });
  health.addToServer(server);
  new ReflectionService(loadProtos()).addToServer(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `${options.host}:${options.port}`,
      ServerCredentials.createInsecure(),
      (error, bound) => {
        if (error === null) resolve(bound);
        else
          reject(
            /EADDRINUSE/.test(error.message)
              ? new PortTakenError(options.port, 'GRPC_PORT')
              : error,
          );
      },
    );
  });
  return {
    port,
    markReady: () => health.setStatus('', 'SERVING'),
    markDraining: () => health.setStatus('', 'NOT_SERVING'),
    close: () =>
      new Promise((resolve) => {
        // tryShutdown waits for calls under way, and would wait for ever on an open stream.
        const fuse = setTimeout(() => server.forceShutdown(), options.graceMs);
        server.tryShutdown(() => {
          clearTimeout(fuse);
          resolve();
        });
      }),
  };
}

function loadProtos(): ReturnType<typeof loadSync> {
  const root = assetPath('proto');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.proto'),
  );
  return loadSync(
    files.map((name) => join(root, name)),
    { includeDirs: [root], keepCase: true },
  );
}
