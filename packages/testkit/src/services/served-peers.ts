import type { GrpcService } from '@deepstyle/service';
import { Server, ServerCredentials } from '@grpc/grpc-js';

/** Stand-ins for the services that a tested one calls. */
export interface ServedPeers {
  /** `host:port`, for the settings `<SERVICE>_GRPC_ADDRESS`. */
  readonly address: string;
  close(): void;
}

/** Serves stand-ins by gRPC, on a free port. */
export async function servePeers(services: readonly GrpcService[]): Promise<ServedPeers> {
  const server = new Server();
  for (const { definition, implementation } of services)
    server.addService(definition, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
