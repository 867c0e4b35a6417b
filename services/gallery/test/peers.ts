import { cropperV1, type EventData, ganTrainerV1 } from '@deepstyle/contracts';
import { createLogger, NotFoundError } from '@deepstyle/platform';
import { serverStream } from '@deepstyle/service';
import type { ObjectStore } from '@deepstyle/storage';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { type DrawnGarment, drawnDesigns, garmentPages } from './drawn-run.ts';

type Run = EventData<'deepstyle.garments.ready.v1'>['run'];

/** The cropper and the gan-trainer over real gRPC, with drawn data. */
export interface Peers {
  readonly address: string;
  /** What the cropper knows of each run. */
  readonly cropped: Map<string, { run: Run; garments: readonly DrawnGarment[] }>;
  /** Requests that reached the trainer. */
  readonly requests: ganTrainerV1.GenerateDesignsRequest[];
  /** Where the trainer stores designs. */
  readonly stores: { objects: ObjectStore | null };
  close(): void;
}

export async function startPeers(): Promise<Peers> {
  const logger = createLogger({ level: 'silent', name: 'peers' });
  const cropped: Peers['cropped'] = new Map();
  const requests: ganTrainerV1.GenerateDesignsRequest[] = [];
  const stores: Peers['stores'] = { objects: null };
  const server = new Server();
  server.addService(cropperV1.CropperServiceService, {
    listGarments: serverStream(logger, async function* ({ runId }: cropperV1.ListGarmentsRequest) {
      const known = cropped.get(runId);
      if (known === undefined) throw new NotFoundError('run with garments', runId);
      yield* garmentPages(known.run, known.garments);
    }),
  });
  server.addService(ganTrainerV1.GanTrainerServiceService, {
    generateDesigns: serverStream(
      logger,
      async function* (request: ganTrainerV1.GenerateDesignsRequest) {
        requests.push(request);
        if (stores.objects === null) throw new NotFoundError('object store', 'none');
        yield* drawnDesigns(stores.objects, request);
      },
    ),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    cropped,
    requests,
    stores,
    close: () => server.forceShutdown(),
  };
}
