import { cropperV1, datasetV1, detectorV1, ganTrainerV1, scraperV1 } from '@deepstyle/contracts';
import {
  Client,
  credentials,
  Metadata,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createCalls } from '../src/grpc/calls.ts';
import { type ListeningGrpcServer, listenGrpc } from '../src/grpc/server.ts';
import { SERVICE_TOKEN_HEADER } from '../src/grpc/service-token.ts';

const DEFINITIONS = [
  cropperV1.CropperServiceService,
  datasetV1.DatasetServiceService,
  detectorV1.DetectorServiceService,
  ganTrainerV1.GanTrainerServiceService,
  scraperV1.ScraperServiceService,
];
const METHODS = DEFINITIONS.flatMap((definition) =>
  Object.values(definition).map(({ path }) => path),
);
const REFLECTION = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';

describe('a server that wants one of two tokens', () => {
  const heard: string[] = [];
  let server: ListeningGrpcServer;
  let client: Client;
  const address = () => `127.0.0.1:${server.port}`;

  /** The status of a call with an empty request. */
  const callWith = (path: string, token?: string): Promise<ServiceError | null> => {
    const bytes = (value: Buffer): Buffer => value;
    const metadata = new Metadata();
    if (token !== undefined) metadata.set(SERVICE_TOKEN_HEADER, token);
    return new Promise((resolve) => {
      client.makeUnaryRequest(path, bytes, bytes, Buffer.alloc(0), metadata, (error) =>
        resolve(error),
      );
    });
  };
  const activeModelWith = async (token?: string): Promise<unknown> => {
    const { calls, close } = createCalls(address, () => new Date(), token);
    try {
      return await calls.getActiveDetectorModel();
    } finally {
      close();
    }
  };

  beforeAll(async () => {
    const services = DEFINITIONS.map((definition) => ({
      definition,
      implementation: Object.fromEntries(
        Object.entries(definition).map(([name, { path, responseStream }]) => [
          name,
          (call: { end(): void }, answer: (error: null, value: object) => void) => {
            heard.push(path);
            if (responseStream) call.end();
            else answer(null, { modelId: 'm', categories: [] });
          },
        ]),
      ) as unknown as UntypedServiceImplementation,
    }));
    const tokens = ['the token', 'the next token'];
    server = await listenGrpc(services, { host: '127.0.0.1', port: 0, graceMs: 100, tokens });
    server.markReady();
    client = new Client(address(), credentials.createInsecure());
  });
  beforeEach(() => {
    heard.length = 0;
  });
  afterAll(async () => {
    client.close();
    await server.close();
  });

  test.each([...METHODS, REFLECTION])('refuses %s without one, and with another', async (path) => {
    for (const token of [undefined, '', 'the tokeN', 'the token, the next token']) {
      const refused = await callWith(path, token);
      expect(refused).toMatchObject({ code: status.UNAUTHENTICATED, details: 'unauthenticated' });
    }
    expect(heard).toEqual([]);
  });

  test('takes each call with either, and lets its caller send it', async () => {
    await activeModelWith('the token');
    await activeModelWith('the next token');
    expect(heard).toHaveLength(2);
  });

  test('tells anybody whether it serves', async () => {
    expect(await callWith('/grpc.health.v1.Health/Check')).toBeNull();
  });

  test.each([undefined, 'an old token'])(
    'leaves the work of a caller with %j for when the tokens agree',
    async (token) => {
      await expect(activeModelWith(token)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        reason: 'SERVICE_TOKEN_REFUSED',
        verdict: 'wait',
        message: expect.stringContaining('SERVICE_TOKEN'),
      });
    },
  );
});
