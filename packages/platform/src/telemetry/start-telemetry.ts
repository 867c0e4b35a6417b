import type { Logger } from '../logger.ts';
import type { ShutdownStack } from '../shutdown.ts';
import { measureInto } from './measure.ts';
import type { TelemetrySettings } from './settings.ts';
import { recordSpans } from './spans.ts';

export interface TelemetryOptions {
  readonly settings: TelemetrySettings;
  /** Name of the process: a service, `gateway`, or `deepstyle` where all run in one. */
  readonly name: string;
  /** Where the metrics listen. */
  readonly host: string;
  readonly logger: Logger;
  /** Telemetry is to be the first thing opened, so that it is the last closed and tells of the rest. */
  readonly stack: ShutdownStack;
}

export interface Telemetry {
  /** The port that metrics are served on, where they are. */
  readonly metricsPort: number | undefined;
}

/**
 * Begins to export traces and to serve metrics, each where its setting says so; libraries that are not needed are not
 * loaded.
 *
 * @throws PortTakenError, ListenRefusedError for the port of the metrics
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { settings } = options;
  if (settings.otlpEndpoint !== undefined) await exportTraces(settings.otlpEndpoint, options);
  if (settings.metricsPort === undefined) return { metricsPort: undefined };
  return { metricsPort: await serveMetrics(settings.metricsPort, options) };
}

async function exportTraces(
  endpoint: string,
  { settings, name, logger, stack }: TelemetryOptions,
): Promise<void> {
  const { createOtlpRecorder } = await import('./otlp-recorder.ts');
  const recorder = createOtlpRecorder({ endpoint, settings, name, logger });
  const stop = recordSpans(recorder);
  stack.defer('traces', async () => {
    stop();
    await recorder.close();
  });
}

async function serveMetrics(
  port: number,
  { host, logger, stack }: TelemetryOptions,
): Promise<number> {
  const [{ createPrometheusSink }, { observeProcess }, { listenMetrics }] = await Promise.all([
    import('./prometheus-sink.ts'),
    import('./process-gauges.ts'),
    import('./metrics-server.ts'),
  ]);
  const sink = createPrometheusSink(logger);
  const server = await listenMetrics(() => sink.render(), { host, port }, logger);
  const stops = [measureInto(sink), observeProcess()];
  stack.defer('metrics', async () => {
    await server.close();
    for (const stop of stops.reverse()) stop();
    await sink.close();
  });
  return server.port;
}
