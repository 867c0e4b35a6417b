import {
  type LabelsOf,
  METRICS,
  type MetricDefinition,
  type MetricName,
  type MetricOf,
} from './metrics.ts';

type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly value: number;
  readonly labels: Labels;
}

/** Where measurements go. */
export interface MetricSink {
  add(metric: MetricDefinition, value: number, labels: Labels): void;
  record(metric: MetricDefinition, value: number, labels: Labels): void;
  /** Reads a gauge at each scrape, until the returned function is called. */
  observe(metric: MetricDefinition, read: () => Promise<readonly Sample[]>): () => void;
}

// Like spans: one per process, and the last to start where several systems are composed in one process.
const sinks: MetricSink[] = [];

/** Sends all measurements of this process there, until the returned function is called. */
export function measureInto(sink: MetricSink): () => void {
  sinks.push(sink);
  return () => {
    const index = sinks.indexOf(sink);
    if (index >= 0) sinks.splice(index, 1);
  };
}

/** Adds to a counter. Costs nothing where no metrics are exposed, like all of these. */
export function countMetric<Name extends MetricOf<'counter'>>(
  name: Name,
  labels: LabelsOf<Name>,
  by = 1,
): void {
  sinks.at(-1)?.add(METRICS[name], by, labels);
}

/** Puts one value into a histogram, in the unit of the metric. */
export function recordMetric<Name extends MetricOf<'histogram'>>(
  name: Name,
  labels: LabelsOf<Name>,
  value: number,
): void {
  sinks.at(-1)?.record(METRICS[name], value, labels);
}

/**
 * Has a gauge read at each scrape, until the returned function is called. Where `read` rejects, the gauge is missing
 * from that scrape.
 */
export function observeMetric<Name extends MetricOf<'gauge'>>(
  name: Name,
  read: () => Promise<readonly { readonly value: number; readonly labels: LabelsOf<Name> }[]>,
): () => void {
  const metric: (typeof METRICS)[MetricName] = METRICS[name];
  return sinks.at(-1)?.observe(metric, read) ?? (() => {});
}

/** Seconds since a `performance.now()`. */
export function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}
