import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  createLogger,
  currentTrace,
  formatTraceparent,
  NotFoundError,
  outgoingTraceparent,
  parseTraceparent,
  readSettings,
  ShutdownStack,
  startSpan,
  startTelemetry,
  TELEMETRY_SETTINGS,
  withSpan,
} from '../../src/index.ts';
import { type OtlpReceiver, startOtlpReceiver } from './otlp-receiver.ts';

// The example of the W3C recommendation, section 3.2.
const CALLER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const UNSAMPLED = CALLER.replace(/01$/, '00');

const lines: string[] = [];
const logger = createLogger({ level: 'info', name: 'test', write: (line) => lines.push(line) });
let receiver: OtlpReceiver;
let stack: ShutdownStack;

beforeEach(async () => {
  receiver = await startOtlpReceiver();
  stack = new ShutdownStack(logger);
  lines.length = 0;
});

afterEach(async () => {
  await stack.close();
  await receiver.close();
});

async function start(environment: Record<string, string> = {}): Promise<void> {
  const settings = readSettings(TELEMETRY_SETTINGS, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    ...environment,
  });
  await startTelemetry({ settings, name: 'cropper', host: '127.0.0.1', logger, stack });
}

const root = { name: 'outer', kind: 'server', parent: parseTraceparent(CALLER) } as const;

test('closing sends what was recorded: a span in the trace of its caller, and its child', async () => {
  await start();
  await withSpan(root, () =>
    withSpan(
      { name: 'inner', kind: 'client', parent: currentTrace(), attributes: { pages: 3 } },
      async () => {},
    ),
  );
  await stack.close();
  const [inner, outer] = receiver.spans;
  expect(outer).toMatchObject({
    service: 'cropper',
    name: 'outer',
    kind: 2,
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    parentSpanId: '00f067aa0ba902b7',
  });
  expect(inner).toMatchObject({
    name: 'inner',
    kind: 3,
    traceId: outer?.traceId,
    parentSpanId: outer?.spanId,
    attributes: { pages: 3 },
  });
});

test('what goes out of a span names that very span', async () => {
  await start();
  const sent = await withSpan(root, async () => outgoingTraceparent());
  await stack.close();
  expect(parseTraceparent(sent)?.spanId).toBe(receiver.spans[0]?.spanId);
});

test('a failure is told by its code and its own sentence; what is unforeseen keeps its words', async () => {
  await start();
  const failing = (error: Error) => withSpan(root, () => Promise.reject(error));
  await expect(failing(new NotFoundError('run', 'r1'))).rejects.toThrow('r1');
  await expect(failing(new Error('password=hunter2'))).rejects.toThrow('hunter2');
  await stack.close();
  expect(receiver.spans[0]).toMatchObject({
    statusCode: 2,
    statusMessage: 'There is no run with the id r1.',
    attributes: { 'error.type': 'NOT_FOUND' },
  });
  expect(receiver.spans[1]).toMatchObject({ attributes: { 'error.type': 'INTERNAL' } });
  expect(JSON.stringify(receiver.spans)).not.toContain('hunter2');
});

test('a caller that does not sample is followed, and told on', async () => {
  await start();
  const sent = await withSpan({ ...root, parent: parseTraceparent(UNSAMPLED) }, async () =>
    outgoingTraceparent(),
  );
  await stack.close();
  expect(parseTraceparent(sent)).toMatchObject({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    sampled: false,
  });
  expect(receiver.spans).toEqual([]);
});

test('a ratio of 0 records none of the traces that begin here', async () => {
  await start({ OTEL_TRACES_SAMPLER_ARG: '0' });
  await withSpan({ ...root, parent: null }, async () => {});
  await stack.close();
  expect(receiver.spans).toEqual([]);
});

test('headers go to the receiver', async () => {
  await start({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20t' });
  await withSpan(root, async () => {});
  await stack.close();
  expect(receiver.headers[0]?.authorization).toBe('Bearer t');
});

test('a receiver that refuses costs the spans, one line of the log, and nothing else', async () => {
  const refusing = await startOtlpReceiver(400);
  await start({ OTEL_EXPORTER_OTLP_ENDPOINT: refusing.url });
  expect(await withSpan(root, async () => 'done')).toBe('done');
  await stack.close();
  await refusing.close();
  expect(lines.filter((line) => line.includes('traces cannot be sent'))).toHaveLength(1);
});

test('without a receiver the context of the caller is passed on as it came', async () => {
  const span = startSpan(root);
  expect(formatTraceparent(span.context)).toBe(CALLER);
  span.end();
  expect(receiver.headers).toEqual([]);
});

test('a line of the log names the trace that it belongs to', async () => {
  await withSpan(root, async () => logger.info({}, 'cropped'));
  expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  });
});
