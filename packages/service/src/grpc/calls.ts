import { cropperV1, datasetV1, detectorV1, ganTrainerV1 } from '@deepstyle/contracts';
import {
  currentTrace,
  inSpan,
  outgoingTraceparent,
  type SpanOptions,
  startSpan,
  withSpan,
} from '@deepstyle/platform';
import {
  type ChannelOptions,
  type Client,
  type ClientReadableStream,
  credentials,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import type { ServiceName } from '../service-name.ts';
import { outgoingDeadline } from './deadline.ts';
import { fromServiceError } from './status.ts';

/** Every call that one service makes to another; each with a deadline that is passed on. */
export interface Calls {
  readonly listGarments: (
    request: cropperV1.ListGarmentsRequest,
  ) => AsyncIterable<cropperV1.ListGarmentsResponse>;
  readonly generateDesigns: (
    request: ganTrainerV1.GenerateDesignsRequest,
  ) => AsyncIterable<ganTrainerV1.GenerateDesignsResponse>;
  readonly getActiveDetectorModel: () => Promise<detectorV1.GetActiveModelResponse>;
  readonly getDataset: (
    request: datasetV1.GetDatasetRequest,
  ) => Promise<datasetV1.GetDatasetResponse>;
}

/** The address (`host:port`) of a service; asked for at the first call to it. */
export type AddressOf = (service: ServiceName) => string;

const UNARY_LIMIT_MS = 10_000;
const LIST_LIMIT_MS = 120_000;
// Rendering may wait in the queue behind a training job.
const GENERATE_LIMIT_MS = 30 * 60_000;

const CHANNEL_OPTIONS: ChannelOptions = {
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.service_config': JSON.stringify({
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [
      {
        name: [{}],
        retryPolicy: {
          maxAttempts: 4,
          initialBackoff: '0.2s',
          maxBackoff: '3s',
          backoffMultiplier: 2,
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
  }),
};

/** Clients are made at the first call, so that a process opens only the channels it uses. */
export function createCalls(
  addressOf: AddressOf,
  clock: () => Date,
): { calls: Calls; close(): void } {
  const open: Client[] = [];
  const cropper = lazily(
    () => new cropperV1.CropperServiceClient(...channel(addressOf('cropper'))),
  );
  const ganTrainer = lazily(
    () => new ganTrainerV1.GanTrainerServiceClient(...channel(addressOf('gan-trainer'))),
  );
  const detector = lazily(
    () => new detectorV1.DetectorServiceClient(...channel(addressOf('detector'))),
  );
  const dataset = lazily(
    () => new datasetV1.DatasetServiceClient(...channel(addressOf('dataset'))),
  );
  return {
    calls: {
      listGarments: (request) =>
        responses('cropper', cropperV1.CropperServiceService.listGarments.path, () =>
          cropper().listGarments(request, metadata(), deadline(LIST_LIMIT_MS)),
        ),
      generateDesigns: (request) =>
        responses('gan-trainer', ganTrainerV1.GanTrainerServiceService.generateDesigns.path, () =>
          ganTrainer().generateDesigns(request, metadata(), deadline(GENERATE_LIMIT_MS)),
        ),
      getActiveDetectorModel: () =>
        response('detector', detectorV1.DetectorServiceService.getActiveModel.path, (done) =>
          detector().getActiveModel({}, metadata(), deadline(UNARY_LIMIT_MS), done),
        ),
      getDataset: (request) =>
        response('dataset', datasetV1.DatasetServiceService.getDataset.path, (done) =>
          dataset().getDataset(request, metadata(), deadline(UNARY_LIMIT_MS), done),
        ),
    },
    close: () => {
      for (const client of open) client.close();
    },
  };

  function lazily<C extends Client>(create: () => C): () => C {
    let client: C | null = null;
    return () => {
      if (client === null) {
        client = create();
        open.push(client);
      }
      return client;
    };
  }

  function deadline(limitMs: number): { deadline: Date } {
    return { deadline: outgoingDeadline(limitMs, clock()) };
  }
}

function channel(
  address: string,
): [string, ReturnType<typeof credentials.createInsecure>, ChannelOptions] {
  return [address, credentials.createInsecure(), CHANNEL_OPTIONS];
}

function metadata(): Metadata {
  const headers = new Metadata();
  headers.set('traceparent', outgoingTraceparent());
  return headers;
}

function spanOf(path: string): SpanOptions {
  const method = path.slice(1);
  return {
    name: method,
    kind: 'client',
    parent: currentTrace(),
    attributes: { 'rpc.system.name': 'grpc', 'rpc.method': method },
  };
}

function response<T>(
  service: string,
  path: string,
  start: (done: (error: ServiceError | null, value: T) => void) => void,
): Promise<T> {
  return withSpan(
    spanOf(path),
    () =>
      new Promise<T>((resolve, reject) => {
        start((error, value) => {
          if (error === null) resolve(value);
          else reject(fromServiceError(error, service));
        });
      }),
  );
}

async function* responses<T>(
  service: string,
  path: string,
  start: () => ClientReadableStream<T>,
): AsyncIterable<T> {
  const span = startSpan(spanOf(path));
  const stream = inSpan(span, start);
  try {
    for await (const message of stream) yield message as T;
  } catch (thrown) {
    const error = fromServiceError(thrown as ServiceError, service);
    span.fail(error);
    throw error;
  } finally {
    stream.cancel();
    span.end();
  }
}
