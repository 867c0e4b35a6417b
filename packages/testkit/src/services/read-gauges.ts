import { METRICS, type MetricName, measureInto, type Sample } from '@deepstyle/platform';

/** Reads the gauges of services that start after this call. */
export interface GaugeReader {
  read(name: MetricName): Promise<readonly Sample[]>;
  close(): void;
}

export function readGauges(): GaugeReader {
  const readers = new Map<string, () => Promise<readonly Sample[]>>();
  const close = measureInto({
    add: () => {},
    record: () => {},
    observe: ({ name }, read) => {
      readers.set(name, read);
      return () => readers.delete(name);
    },
  });
  return { read: async (name) => (await readers.get(METRICS[name].name)?.()) ?? [], close };
}
