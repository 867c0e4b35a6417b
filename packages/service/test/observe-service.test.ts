import {
  createLogger,
  readSettings,
  ShutdownStack,
  startTelemetry,
  TELEMETRY_SETTINGS,
} from '@deepstyle/platform';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { consumer } from '../src/events/consumer.ts';
import { jobHandler } from '../src/events/job.ts';
import { observeEvents, observeService } from '../src/observe-service.ts';

const logger = createLogger({ level: 'silent', name: 'test' });

test('a scrape tells what waits for a service: its jobs, its events, its outbox, and what it gave up', async () => {
  const stack = new ShutdownStack(logger);
  const settings = readSettings(TELEMETRY_SETTINGS, { METRICS_PORT: '0' });
  const options = { settings, name: 'detector', host: '127.0.0.1', logger, stack };
  const { metricsPort } = await startTelemetry(options);
  const lags: Record<string, number> = {
    'JOBS detector-detect': 12,
    'EVENTS detector-photos': 3,
  };
  const stop = observeService(
    'detector',
    {
      jobs: [
        jobHandler({
          kind: 'detect',
          payload: z.object({}),
          maxFailures: 1,
          handle: async () => {},
        }),
      ],
      consumers: [
        consumer({
          name: 'photos',
          types: ['deepstyle.photo.stored.v1'],
          concurrency: 1,
          handle: async () => {},
        }),
      ],
    },
    {
      bus: {
        lag: async (stream, durable) => lags[`${stream} ${durable}`] ?? -1,
        countDeadLetters: async () => [
          { stream: 'JOBS', durable: 'detector-detect', count: 2 },
          { stream: 'EVENTS', durable: 'cropper-photos', count: 7 },
        ],
      },
      outbox: { backlog: async () => ({ messages: 5, oldestSeconds: 0.25 }) },
    },
  );
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  stop();
  await stack.close();
  expect(text).toContain('deepstyle_jobs_waiting{service="detector",kind="detect"} 12');
  expect(text).toContain('deepstyle_consumer_lag_events{service="detector",consumer="photos"} 3');
  expect(text).toContain('deepstyle_dead_letters{service="detector",work="detect"} 2');
  expect(text).toContain('deepstyle_dead_letters{service="detector",work="photos"} 0');
  expect(text).not.toContain('} 7');
  expect(text).toContain('deepstyle_outbox_messages{service="detector"} 5');
  expect(text).toContain('deepstyle_outbox_oldest_seconds{service="detector"} 0.25');
});

test('a scrape tells how full EVENTS is, and for whom; no limit where the disk is the only one', async () => {
  const stack = new ShutdownStack(logger);
  const settings = readSettings(TELEMETRY_SETTINGS, { METRICS_PORT: '0' });
  const options = { settings, name: 'detector', host: '127.0.0.1', logger, stack };
  const { metricsPort } = await startTelemetry(options);
  let maxBytes: number | null = 1000;
  const stop = observeEvents({
    eventsUsage: async () => ({
      bytes: 700,
      maxBytes,
      durables: [{ name: 'cropper-photos', holds: 12 }],
    }),
  });
  const scrape = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const limited = await scrape();
  maxBytes = null;
  const unlimited = await scrape();
  stop();
  await stack.close();
  expect(limited).toContain('deepstyle_events_stored_bytes 700');
  expect(limited).toContain('deepstyle_events_limit_bytes 1000');
  expect(limited).toContain('deepstyle_durable_held_events{durable="cropper-photos"} 12');
  expect(unlimited).not.toContain('deepstyle_events_limit_bytes 1000');
});
