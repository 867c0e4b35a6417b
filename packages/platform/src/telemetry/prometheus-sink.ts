// Loaded only where metrics are exposed: nothing else imports the metrics of the OpenTelemetry SDK.
// OpenTelemetry's own exporter rather than prom-client: it is released every month, and traces need its siblings anyway.
import type { Counter, Histogram, Meter, ObservableGauge } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { describeError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { MetricSink } from './measure.ts';
import type { MetricDefinition } from './metrics.ts';

// Shorter than the 10 s that Prometheus waits for a scrape.
const SCRAPE_LIMIT_MS = 5_000;

/** Metrics kept in memory, and their text for a scrape. */
export interface PrometheusSink extends MetricSink {
  /** The Prometheus text format, version 0.0.4. What could not be read is missing and stands in the log. */
  render(): Promise<string>;
  close(): Promise<void>;
}

export function createPrometheusSink(logger: Logger): PrometheusSink {
  const reader = new ScrapeReader();
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('deepstyle');
  const counters = perDefinition((metric) => createCounter(meter, metric));
  const histograms = perDefinition((metric) => createHistogram(meter, metric));
  const gauges = perDefinition((metric) => createGauge(meter, metric));
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    add: (metric, value, labels) => counters(metric).add(value, labels),
    record: (metric, value, labels) => histograms(metric).record(value, labels),
    observe: (metric, read) => {
      const gauge = gauges(metric);
      const callback: Parameters<ObservableGauge['addCallback']>[0] = async (result) => {
        try {
          for (const { value, labels } of await read()) result.observe(value, { ...labels });
        } catch (error) {
          const problem = describeError(error);
          logger.warn({ metric: metric.name, problem }, 'a metric could not be read');
        }
      };
      gauge.addCallback(callback);
      return () => gauge.removeCallback(callback);
    },
    render: async () => {
      const { resourceMetrics } = await reader.collect({ timeoutMillis: SCRAPE_LIMIT_MS });
      return serializer.serialize(resourceMetrics);
    },
    close: () => provider.shutdown(),
  };
}

/** Collects when it is asked to, at a scrape. */
class ScrapeReader extends MetricReader {
  constructor() {
    super({
      // A gauge is what was read for this scrape; cumulative ones would go on showing what is no more.
      aggregationTemporalitySelector: (type) =>
        type === 'OBSERVABLE_GAUGE'
          ? AggregationTemporality.DELTA
          : AggregationTemporality.CUMULATIVE,
    });
  }

  protected override async onShutdown(): Promise<void> {}

  protected override async onForceFlush(): Promise<void> {}
}

function createCounter(meter: Meter, { name, help }: MetricDefinition): Counter {
  return meter.createCounter(name, { description: help });
}

function createHistogram(meter: Meter, { name, help, buckets }: MetricDefinition): Histogram {
  const advice =
    buckets === undefined ? {} : { advice: { explicitBucketBoundaries: [...buckets] } };
  return meter.createHistogram(name, { description: help, ...advice });
}

function createGauge(meter: Meter, { name, help }: MetricDefinition): ObservableGauge {
  return meter.createObservableGauge(name, { description: help });
}

function perDefinition<T>(
  create: (metric: MetricDefinition) => T,
): (metric: MetricDefinition) => T {
  const made = new Map<string, T>();
  return (metric) => {
    const known = made.get(metric.name) ?? create(metric);
    made.set(metric.name, known);
    return known;
  };
}
