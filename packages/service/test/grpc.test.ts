import { cropperV1, detectorV1 } from '@deepstyle/contracts';
import { createLogger, currentTrace, DeepStyleError, withTrace } from '@deepstyle/platform';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCalls } from '../src/grpc/calls.ts';
import { outgoingDeadline, withDeadline } from '../src/grpc/deadline.ts';
import { serverStream, unary } from '../src/grpc/handlers.ts';
import { type ListeningGrpcServer, listenGrpc } from '../src/grpc/server.ts';
import { RemoteError } from '../src/grpc/status.ts';

const logger = createLogger({ level: 'silent', name: 'test' });
const seen: { traceId?: string | undefined; deadline?: Date } = {};
let server: ListeningGrpcServer;
let closeCalls: () => void;
let calls: ReturnType<typeof createCalls>['calls'];

beforeAll(async () => {
  server = await listenGrpc(
    [
      {
        definition: cropperV1.CropperServiceService,
        implementation: {
          listGarments: serverStream<cropperV1.ListGarmentsRequest, cropperV1.ListGarmentsResponse>(
            logger,
            async function* ({ runId }) {
              seen.traceId = currentTrace()?.traceId;
              seen.deadline = outgoingDeadline(3_600_000, new Date());
              if (runId === 'boom') throw new Error('password=hunter2');
              if (runId === 'gone')
                throw new DeepStyleError({
                  code: 'NOT_FOUND',
                  reason: 'RUN_UNKNOWN',
                  message: 'no run',
                });
              for (let page = 0; page < Number(runId); page += 1) yield { garments: [] };
            },
          ),
        },
      },
      {
        definition: detectorV1.DetectorServiceService,
        implementation: {
          getActiveModel: unary<
            detectorV1.GetActiveModelRequest,
            detectorV1.GetActiveModelResponse
          >(logger, async () => ({
            modelId: 'm1',
            categories: ['dress'],
          })),
        },
      },
    ],
    { host: '127.0.0.1', port: 0, graceMs: 100 },
  );
  const created = createCalls(
    () => `127.0.0.1:${server.port}`,
    () => new Date(),
  );
  calls = created.calls;
  closeCalls = created.close;
});

afterAll(async () => {
  closeCalls();
  await server.close();
});

async function count(runId: string): Promise<number> {
  let pages = 0;
  for await (const _page of calls.listGarments({ runId })) pages += 1;
  return pages;
}

test('a unary call answers', async () => {
  expect(await calls.getActiveDetectorModel()).toEqual({ modelId: 'm1', categories: ['dress'] });
});

test('a stream of many pages arrives whole', async () => {
  expect(await count('2000')).toBe(2000);
});

test('a reader that stops early does not hang the server', async () => {
  for await (const _page of calls.listGarments({ runId: '100000' })) break;
  expect(await count('1')).toBe(1);
});

test('a failure keeps its code, reason and message across the wire', async () => {
  await expect(count('gone')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    reason: 'RUN_UNKNOWN',
    message: 'no run',
  });
});

test('what is not ours to tell does not cross the wire', async () => {
  const failure = count('boom');
  await expect(failure).rejects.toBeInstanceOf(RemoteError);
  await expect(failure).rejects.not.toThrow('hunter2');
});

test('the trace and the deadline of the caller go with the call', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const deadline = new Date(Date.now() + 5_000);
  await withTrace(traceparent, () => withDeadline(deadline, () => count('1')));
  expect(seen.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  expect(Math.abs((seen.deadline?.getTime() ?? 0) - deadline.getTime())).toBeLessThan(1_000);
});

test.each(['a\0', 'escape \u001b[2J', 'turned\u202e'])(
  '%j in a request is refused by its field',
  async (runId) => {
    const refused = await count(runId).catch((error: RemoteError) => error);
    expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect((refused as RemoteError).message).toMatch(/^runId: must not hold the character U\+/);
  },
);
