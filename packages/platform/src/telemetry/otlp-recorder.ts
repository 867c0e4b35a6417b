// Loaded only where traces are exported: nothing else imports the OpenTelemetry SDK.
import { hostname } from 'node:os';
import {
  type Context,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { DeepStyleError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { TraceContext } from '../trace-context.ts';
import type { TelemetrySettings } from './settings.ts';
import type { Span, SpanRecorder } from './spans.ts';

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

// A receiver that is away must not hold up a process that wants to close.
const EXPORT_LIMIT_MS = 3_000;
// A run of thousands of photographs makes spans in bursts; what does not fit is dropped.
const QUEUED_SPANS = 16_384;
/** `ExportResultCode.SUCCESS` of the SDK. */
const SUCCESS = 0;

export interface OtlpOptions {
  readonly endpoint: string;
  readonly settings: TelemetrySettings;
  /** `service.name` of the spans. */
  readonly name: string;
  readonly logger: Logger;
}

/** Records spans and sends them by OTLP/HTTP in the background; `close` sends the rest. */
export function createOtlpRecorder(
  options: OtlpOptions,
): SpanRecorder & { close(): Promise<void> } {
  const { endpoint, settings, name, logger } = options;
  const exporter = new OTLPTraceExporter({
    url: `${endpoint}/v1/traces`,
    headers: { ...settings.otlpHeaders },
    timeoutMillis: EXPORT_LIMIT_MS,
  });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': name,
      'service.namespace': 'deepstyle',
      'service.instance.id': `${hostname()}-${process.pid}`,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(settings.traceRatio) }),
    spanProcessors: [
      new BatchSpanProcessor(reporting(exporter, endpoint, logger), {
        maxQueueSize: QUEUED_SPANS,
        exportTimeoutMillis: EXPORT_LIMIT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('deepstyle');
  return {
    start: (span) =>
      spanOf(
        tracer.startSpan(
          span.name,
          { kind: KINDS[span.kind], attributes: { ...span.attributes } },
          contextOf(span.parent),
        ),
      ),
    close: () => provider.shutdown(),
  };
}

function contextOf(parent: TraceContext | null): Context {
  if (parent === null) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = parent;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  });
}

function spanOf(span: OtelSpan): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    context: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
    rename: (name) => span.updateName(name),
    set: (attributes) => span.setAttributes({ ...attributes }),
    fail: (thrown) => {
      const { code, reason, message } = DeepStyleError.from(thrown);
      span.setAttributes({ 'error.type': code, 'deepstyle.error.reason': reason });
      span.setStatus({ code: SpanStatusCode.ERROR, message });
    },
    end: () => span.end(),
  };
}

/** The exporter, which says once that spans are lost, and once that they are no more. */
function reporting(exporter: SpanExporter, endpoint: string, logger: Logger): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const { error } = result;
        if (error !== undefined && !isFailing) {
          logger.warn({ endpoint, error }, 'traces cannot be sent and are dropped');
        } else if (error === undefined && isFailing) {
          logger.info({ endpoint }, 'traces are sent again');
        }
        isFailing = error !== undefined;
        // Said above; a failure told further would be logged once more for each batch.
        done({ code: SUCCESS });
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
