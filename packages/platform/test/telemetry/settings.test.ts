import { describe, expect, test } from '@jest/globals';
import { readSettings, TELEMETRY_SETTINGS } from '../../src/index.ts';

const read = (environment: Record<string, string>) => readSettings(TELEMETRY_SETTINGS, environment);

test('by default nothing is exported and no port is opened', () => {
  expect(read({})).toEqual({
    otlpEndpoint: undefined,
    otlpHeaders: {},
    traceRatio: 1,
    metricsPort: undefined,
  });
});

test('headers are pairs as the OTLP specification writes them', () => {
  const { otlpHeaders } = read({
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a%3Db, x-tenant = shows ',
  });
  expect(otlpHeaders).toEqual({ authorization: 'Bearer a=b', 'x-tenant': 'shows' });
});

test('an address may end in a slash', () => {
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }).otlpEndpoint).toBe(
    'http://collector:4318',
  );
});

describe('what cannot be meant is refused, by the name of its variable', () => {
  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://collector:4317'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=%zz'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['METRICS_PORT', '65536'],
    ['METRICS_PORT', 'yes'],
  ])('%s=%s', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(new RegExp(name));
  });

  test('and a password in it is not repeated', () => {
    const address = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://me:hunter2@collector:4318' };
    expect(() => read(address)).toThrow(/OTEL_EXPORTER_OTLP_HEADERS/);
    expect(() => read(address)).not.toThrow(/hunter2/);
  });
});
