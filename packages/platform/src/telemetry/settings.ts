import { z } from 'zod';
import { type SettingsTable, text } from '../settings.ts';

/** What a process tells about itself to the outside, and to whom; by default nothing to nobody. */
export interface TelemetrySettings {
  /** Base address of an OTLP/HTTP receiver, without a slash at the end. */
  readonly otlpEndpoint: string | undefined;
  readonly otlpHeaders: Readonly<Record<string, string>>;
  /** Share of the traces begun here that are recorded, in [0, 1]; those begun elsewhere keep their own decision. */
  readonly traceRatio: number;
  readonly metricsPort: number | undefined;
}

const HIGHEST_PORT = 65_535;

export const TELEMETRY_SETTINGS: SettingsTable<TelemetrySettings> = {
  otlpEndpoint: {
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    schema: z.string().transform((value, context) => {
      if (value === '') return undefined;
      const url = URL.canParse(value) ? new URL(value) : null;
      if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '') {
        // The value is not repeated: it may hold a password.
        context.addIssue(
          'must be an address like http://collector:4318; a login belongs into OTEL_EXPORTER_OTLP_HEADERS',
        );
        return z.NEVER;
      }
      return value.replace(/\/+$/, '');
    }),
    default: '',
    description: 'OTLP/HTTP receiver of traces, e.g. http://collector:4318; empty: none are kept',
  },
  otlpHeaders: {
    env: 'OTEL_EXPORTER_OTLP_HEADERS',
    schema: z.string().transform((value, context) => {
      const headers = parseHeaders(value);
      if (headers !== null) return headers;
      context.addIssue('must be name=value pairs with commas between them, values URL-encoded');
      return z.NEVER;
    }),
    default: '',
    secret: true,
    description: 'headers for the receiver, e.g. authorization=Bearer%20…',
  },
  traceRatio: {
    env: 'OTEL_TRACES_SAMPLER_ARG',
    schema: text.number(0, 1),
    default: '1',
    description: 'share of the traces that is recorded, 0 to 1',
  },
  metricsPort: {
    env: 'METRICS_PORT',
    schema: z.string().transform((value, context) => {
      if (value === '') return undefined;
      const port = Number(value);
      if (Number.isInteger(port) && port >= 0 && port <= HIGHEST_PORT) return port;
      context.addIssue(`must be a whole number from 0 to ${HIGHEST_PORT}, not "${value}"`);
      return z.NEVER;
    }),
    default: '',
    description:
      'port of Prometheus metrics at /metrics, on HTTP_HOST; 0 takes a free one; empty: none',
  },
};

/** `a=1,b=x%20y` as the OTLP specification writes headers; null where it is not of that form. */
function parseHeaders(value: string): Readonly<Record<string, string>> | null {
  const headers: Record<string, string> = {};
  for (const pair of value.split(',').filter((each) => each.trim() !== '')) {
    const [, name, encoded] = /^\s*([^\s=]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    if (name === undefined || encoded === undefined) return null;
    try {
      headers[name] = decodeURIComponent(encoded);
    } catch {
      return null;
    }
  }
  return headers;
}
