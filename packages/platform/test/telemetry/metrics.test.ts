import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  countMetric,
  createLogger,
  METRICS,
  type MetricDefinition,
  observeMetric,
  PortTakenError,
  readSettings,
  recordMetric,
  ShutdownStack,
  startTelemetry,
  TELEMETRY_SETTINGS,
} from '../../src/index.ts';
import { parseGpuMemory } from '../../src/telemetry/gpu-memory.ts';
import { type MetricSink, measureInto } from '../../src/telemetry/measure.ts';
import { listenMetrics } from '../../src/telemetry/metrics-server.ts';
import { createPrometheusSink } from '../../src/telemetry/prometheus-sink.ts';

const LISTED: readonly MetricDefinition[] = Object.values(METRICS);
const lines: string[] = [];
const logger = createLogger({ level: 'info', name: 'test', write: (line) => lines.push(line) });
let stack: ShutdownStack;

beforeEach(() => {
  lines.length = 0;
  stack = new ShutdownStack(logger);
});

afterEach(() => stack.close());

async function start(port = '0'): Promise<number> {
  const settings = readSettings(TELEMETRY_SETTINGS, { METRICS_PORT: port });
  const options = { settings, name: 'cropper', host: '127.0.0.1', logger, stack };
  return (await startTelemetry(options)).metricsPort ?? 0;
}

async function scrape(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

/** `# TYPE name kind` and `# HELP name text` of a scrape, by name. */
function exposed(text: string, what: 'TYPE' | 'HELP'): Map<string, string> {
  const comments = text.matchAll(new RegExp(`^# ${what} (\\S+) (.*)$`, 'gm'));
  return new Map([...comments].map(([, name = '', value = '']) => [name, value]));
}

/** Gives every metric of the list one value for each of its labels. */
function exercise(sink: MetricSink): void {
  for (const metric of LISTED) {
    const labels = Object.fromEntries(metric.labels.map((label) => [label, `a-${label}`]));
    if (metric.kind === 'counter') sink.add(metric, 1, labels);
    else if (metric.kind === 'histogram') sink.record(metric, 1, labels);
    else sink.observe(metric, async () => [{ value: 1, labels }]);
  }
}

describe('the list', () => {
  test('and what is exposed agree, in name, kind, help and labels', async () => {
    const sink = createPrometheusSink(logger);
    exercise(sink);
    const text = await sink.render();
    await sink.close();
    expect(exposed(text, 'TYPE')).toEqual(new Map(LISTED.map(({ name, kind }) => [name, kind])));
    expect(exposed(text, 'HELP')).toEqual(new Map(LISTED.map(({ name, help }) => [name, help])));
    for (const { name, labels } of LISTED) {
      const [, shown = ''] = new RegExp(`^${name}(?:_count)?(?:{(.*)})? `, 'm').exec(text) ?? [];
      expect([...shown.matchAll(/(\w+)="/g)].map(([, label]) => label)).toEqual(labels);
    }
  });

  test('names things as Prometheus does: with the unit, and _total after a counter', () => {
    for (const { name, kind, unit } of LISTED) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(name.split('_')).toContain(unit);
      expect(name.endsWith('_total')).toBe(kind === 'counter');
    }
  });

  test('gives buckets to histograms alone, in order', () => {
    for (const { kind, buckets = [] } of LISTED) {
      expect(buckets.length > 0).toBe(kind === 'histogram');
      expect(buckets).toEqual([...buckets].sort((one, other) => one - other));
    }
  });
});

describe('the port', () => {
  test('serves what was measured, in the text format of Prometheus', async () => {
    const port = await start();
    countMetric('images', { service: 'detector', work: 'train' }, 8);
    countMetric('images', { service: 'detector', work: 'train' }, 8);
    recordMetric('trainingStepDuration', { service: 'detector' }, 0.3);
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text).toContain('deepstyle_images_total{service="detector",work="train"} 16');
    const bucket = 'deepstyle_training_step_duration_seconds_bucket{service="detector",le=';
    expect(text).toContain(`${bucket}"0.25"} 0`);
    expect(text).toContain(`${bucket}"0.5"} 1`);
  });

  test('tells the memory of the process and the delay of its event loop', async () => {
    const text = await scrape(await start());
    const [, resident = '0'] = /^process_resident_memory_bytes (\d+)$/m.exec(text) ?? [];
    // This very process: Node alone takes more than 20 MB.
    expect(Number(resident)).toBeGreaterThan(20e6);
    expect(text).toMatch(/^nodejs_eventloop_delay_seconds{quantile="0.99"} [\d.e-]+$/m);
  });

  test('has nothing but the metrics', async () => {
    const port = await start();
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });

  test('that is taken is named, with the setting that moves it', async () => {
    const port = await start();
    await expect(start(String(port))).rejects.toThrow(PortTakenError);
    await expect(start(String(port))).rejects.toThrow(new RegExp(`${port}.*METRICS_PORT`));
  });
});

describe('a gauge', () => {
  test('that cannot be read is missing from the scrape, which has the others, and is logged', async () => {
    const port = await start();
    const labels = { service: 'cropper' };
    observeMetric('outboxOldest', () => Promise.reject(new Error('no database')));
    observeMetric('outboxMessages', async () => [{ value: 7, labels }]);
    const text = await scrape(port);
    expect(text).toContain('deepstyle_outbox_messages{service="cropper"} 7');
    expect(text).not.toMatch(/^deepstyle_outbox_oldest_seconds/m);
    expect(lines.join()).toContain('no database');
  });

  test('shows no label that is gone, and nothing once it is stopped', async () => {
    const port = await start();
    const kinds = ['train', 'generate'];
    const stop = observeMetric('jobsWaiting', async () =>
      kinds.map((kind) => ({ value: 1, labels: { service: 'gan-trainer', kind } })),
    );
    expect(await scrape(port)).toContain('kind="train"');
    kinds.shift();
    const second = await scrape(port);
    expect(second).toContain('kind="generate"');
    expect(second).not.toContain('kind="train"');
    stop();
    expect(await scrape(port)).not.toMatch(/^deepstyle_jobs_waiting/m);
  });
});

test('where no metrics are served, nothing is read', () => {
  let reads = 0;
  const stop = observeMetric('heapUsed', async () => {
    reads += 1;
    return [];
  });
  recordMetric('trainingStepDuration', { service: 'detector' }, 1);
  stop();
  expect(reads).toBe(0);
});

test('of several systems in one process the last to start is told, then the one before', () => {
  const told: string[] = [];
  const sinkOf = (name: string): MetricSink => ({
    add: () => void told.push(name),
    record: () => {},
    observe: () => () => {},
  });
  const labels = { service: 'detector', work: 'train' };
  const stopFirst = measureInto(sinkOf('first'));
  const stopSecond = measureInto(sinkOf('second'));
  countMetric('images', labels);
  stopSecond();
  countMetric('images', labels);
  stopFirst();
  countMetric('images', labels);
  expect(told).toEqual(['second', 'first']);
});

test('nvidia-smi tells the memory of each GPU in MiB; one that does not tell is left out', () => {
  const lines = '0, 1024, 81559\n1, [N/A], [N/A]\n2, 0, 40960\n';
  expect(parseGpuMemory(lines)).toEqual([
    { gpu: '0', usedBytes: 1_073_741_824, totalBytes: 85_520_809_984 },
    { gpu: '2', usedBytes: 0, totalBytes: 42_949_672_960 },
  ]);
});

test('a scrape that fails, and an address that is none, tell nothing of the program', async () => {
  const fail = () => Promise.reject(new Error('at /srv/deepstyle/metrics.ts'));
  const server = await listenMetrics(fail, { host: '127.0.0.1', port: 0 }, logger);
  for (const path of ['metrics', 'metrics/%zz', '%ff']) {
    const answer = await fetch(`http://127.0.0.1:${server.port}/${path}`);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.text()).not.toMatch(/\.[jt]s|node_modules|srv/);
  }
  await server.close();
});
