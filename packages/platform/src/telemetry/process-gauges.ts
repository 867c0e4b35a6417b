import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type GpuMemory, readGpuMemory } from './gpu-memory.ts';
import { observeMetric } from './measure.ts';

const RESOLUTION_MS = 20;
const NANOSECONDS = 1e9;
const QUANTILES = { '0.5': 50, '0.99': 99, '1': 100 } as const;

/** Memory, event loop and GPUs of this process, until the returned function is called. */
export function observeProcess(
  readGpus: () => Promise<readonly GpuMemory[]> = readGpuMemory,
): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const stops = [
    observeMetric('residentMemory', async () => [{ value: process.memoryUsage.rss(), labels: {} }]),
    observeMetric('heapUsed', async () => [{ value: process.memoryUsage().heapUsed, labels: {} }]),
    observeMetric('eventLoopDelay', async () => {
      const samples = Object.entries(QUANTILES).map(([quantile, percentile]) => ({
        value: lateness(delay.percentile(percentile)),
        labels: { quantile },
      }));
      delay.reset();
      return samples;
    }),
    observeMetric('gpuMemoryUsed', async () =>
      (await readGpus()).map(({ gpu, usedBytes }) => ({ value: usedBytes, labels: { gpu } })),
    ),
    observeMetric('gpuMemoryTotal', async () =>
      (await readGpus()).map(({ gpu, totalBytes }) => ({ value: totalBytes, labels: { gpu } })),
    ),
    () => delay.disable(),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Node measures the time between two ticks of a timer, of which the timer's own interval is no delay. */
function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1000);
}
