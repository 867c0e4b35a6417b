import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import type { GraphQLDataSource } from '@apollo/gateway';
import { createLogger } from '@deepstyle/platform';
import { createSubgraph, SERVICE_TOKEN_HEADER } from '@deepstyle/service';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type GatewayContext, localDataSource, remoteDataSource } from '../src/data-sources.ts';
import { listenAnywhere } from './running-gateway.ts';

type Options = Parameters<GraphQLDataSource<GatewayContext>['process']>[0];

/** What a data source uses of what the gateway gives it. */
function asked(query: string, context: Partial<GatewayContext> = {}): Options {
  return { context, request: { query } } as Options;
}

describe('a subgraph in another process', () => {
  let server: Server;
  let source: GraphQLDataSource<GatewayContext>;
  let resets: number;
  const received: {
    query: string;
    authorization: string | undefined;
    trace: unknown;
    service: unknown;
  }[] = [];

  beforeEach(async () => {
    received.length = 0;
    resets = 0;
    server = createServer((request, response) => {
      const answer = async (): Promise<void> => {
        const { query } = (await json(request)) as { query: string };
        const { authorization, traceparent: trace } = request.headers;
        const service = request.headers[SERVICE_TOKEN_HEADER];
        received.push({ query, authorization, trace, service });
        if (received.length <= resets) request.socket.resetAndDestroy();
        else response.setHeader('content-type', 'application/json').end('{"data":{"done":true}}');
      };
      void answer();
    });
    const url = `http://127.0.0.1:${await listenAnywhere(server)}`;
    source = remoteDataSource('cropper', url, 'of services');
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  test('is sent the tokens and the trace of the request', async () => {
    await source.process(asked('{ done }', { authorization: 'Bearer secret' }));
    expect(received[0]).toMatchObject({
      query: '{ done }',
      authorization: 'Bearer secret',
      service: 'of services',
      trace: expect.stringMatching(/^00-[0-9a-f]{32}-/),
    });
  });

  test('is asked a query again where the connection was reset', async () => {
    resets = 1;
    const { data } = await source.process(asked('query Q { done }'));
    expect(data).toEqual({ done: true });
    expect(received).toHaveLength(2);
  });

  test('is asked a query twice at most', async () => {
    resets = 5;
    await expect(source.process(asked('{ done }'))).rejects.toThrow('fetch failed');
    expect(received).toHaveLength(2);
  });

  test('is sent a mutation once: it may have been done', async () => {
    resets = 1;
    await expect(source.process(asked('mutation M { done }'))).rejects.toThrow('fetch failed');
    expect(received).toHaveLength(1);
  });
});

describe('a subgraph in this process', () => {
  const source = localDataSource(
    createSubgraph(
      'cropper',
      {
        Garment: {
          __resolveReference: (_reference: object, context: GatewayContext) => {
            if (!context.authorized) throw new Error('no token at /srv/cropper.ts');
            return { id: 'garment_1', category: 'coat' };
          },
        },
      },
      () => ({}),
      createLogger({ level: 'silent', name: 'test' }),
    ),
  );
  const QUERY =
    '{ _entities(representations: [{ __typename: "Garment", id: "garment_1" }]) { ... on Garment { category } } }';

  test('answers as one in another process does', async () => {
    const answer = await source.process(asked(QUERY, { authorized: true }));
    expect(answer).toEqual({ data: { _entities: [{ category: 'coat' }] } });
  });

  test('gives its errors as it would send them', async () => {
    const { data, errors } = await source.process(asked(QUERY));
    expect(data).toEqual({ _entities: [null] });
    expect(errors).toEqual([
      expect.objectContaining({ path: ['_entities', 0], extensions: expect.any(Object) }),
    ]);
    expect(JSON.stringify(errors)).not.toContain('/srv');
  });
});
