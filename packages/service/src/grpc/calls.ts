import {
  type CallContract,
  SERVICE_CONTRACTS,
  SERVICE_NAMES,
  type ServiceCalls,
  type ServiceName,
} from '@deepstyle/contracts';
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
  Client,
  credentials,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import { outgoingDeadline } from './deadline.ts';
import { SERVICE_TOKEN_HEADER } from './service-token.ts';
import { fromServiceError } from './status.ts';

/** The address (`host:port`) of a service; asked for at the first call to it. */
export type AddressOf = (service: ServiceName) => string;

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

/**
 * Every call that one service makes to another, as the contracts list them; each with a deadline that is passed on.
 * A channel is opened at the first call, so that a process has only those that it uses.
 *
 * @param token carried by each call, where the services of an installation share one
 */
export function createCalls(
  addressOf: AddressOf,
  clock: () => Date,
  token?: string,
): { readonly calls: ServiceCalls; readonly close: () => void } {
  const clients = new Map<ServiceName, Client>();
  const clientOf = (service: ServiceName): Client => {
    const open = clients.get(service);
    if (open !== undefined) return open;
    const client = new Client(addressOf(service), credentials.createInsecure(), CHANNEL_OPTIONS);
    clients.set(service, client);
    return client;
  };
  const calls = SERVICE_NAMES.flatMap((service) =>
    Object.entries<CallContract>(SERVICE_CONTRACTS[service].calls).map(([name, contract]) => {
      const target = { service, contract, client: () => clientOf(service), clock, token };
      const call = contract.method.responseStream ? responses : response;
      return [name, (request: object = {}) => call(target, request)] as const;
    }),
  );
  return {
    // The contracts' own type says of each name what it takes and gives.
    calls: Object.fromEntries(calls) as unknown as ServiceCalls,
    close: () => {
      for (const client of clients.values()) client.close();
    },
  };
}

interface Target {
  readonly service: ServiceName;
  readonly contract: CallContract;
  readonly client: () => Client;
  readonly clock: () => Date;
  readonly token: string | undefined;
}

function response(
  { service, contract, client, clock, token }: Target,
  request: object,
): Promise<unknown> {
  const { path, requestSerialize, responseDeserialize } = contract.method;
  return withSpan(
    spanOf(path),
    () =>
      new Promise((resolve, reject) => {
        client().makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request as never,
          metadata(token),
          { deadline: outgoingDeadline(contract.deadlineMs, clock()) },
          (error, value) => {
            if (error === null) resolve(value);
            else reject(fromServiceError(error, service));
          },
        );
      }),
  );
}

async function* responses(
  { service, contract, client, clock, token }: Target,
  request: object,
): AsyncIterable<unknown> {
  const { path, requestSerialize, responseDeserialize } = contract.method;
  const span = startSpan(spanOf(path));
  const stream = inSpan(span, () =>
    client().makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request as never,
      metadata(token),
      { deadline: outgoingDeadline(contract.deadlineMs, clock()) },
    ),
  );
  try {
    for await (const message of stream) yield message;
  } catch (thrown) {
    const error = fromServiceError(thrown as ServiceError, service);
    span.fail(error);
    throw error;
  } finally {
    stream.cancel();
    span.end();
  }
}

function metadata(token: string | undefined): Metadata {
  const headers = new Metadata();
  headers.set('traceparent', outgoingTraceparent());
  if (token !== undefined) headers.set(SERVICE_TOKEN_HEADER, token);
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
