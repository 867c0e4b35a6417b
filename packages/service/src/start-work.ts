import type { Logger, ShutdownStack } from '@deepstyle/platform';
import type { Bus, Outbox } from '@deepstyle/storage';
import { startConsumer } from './events/consumer.ts';
import { createIdleWatch } from './events/idle-watch.ts';
import { startJobHandler } from './events/job.ts';
import { observeEvents, observeService } from './observe-service.ts';
import type { ProcessSettings } from './process-settings.ts';
import type { Service, ServiceParts } from './service.ts';

/** A service whose parts are made, and the outbox through which it publishes. */
export interface CreatedService {
  readonly service: Service;
  readonly parts: ServiceParts;
  readonly outbox: Outbox;
}

/**
 * Starts what each service takes from the bus in this process's role.
 *
 * @returns `idle`, which resolves when no job has run for WORKER_IDLE_EXIT_SECONDS
 */
export async function startWork(
  created: readonly CreatedService[],
  bus: Bus,
  settings: ProcessSettings,
  logger: Logger,
  stack: ShutdownStack,
): Promise<{ readonly idle: Promise<void> }> {
  const { role, shutdownGraceMs, workerIdleExitSeconds } = settings;
  const stopping = new AbortController();
  const watch = createIdleWatch(workerIdleExitSeconds * 1_000);
  stack.defer('idle watch', () => watch.close());
  stack.defer('events gauges', observeEvents(bus));
  for (const { service, parts, outbox } of created) {
    const { name } = service;
    const log = logger.child({ component: name });
    outbox.start();
    stack.defer(`${name} gauges`, observeService(name, parts, { bus, outbox }));
    for (const definition of role === 'worker' ? [] : parts.consumers) {
      const subscription = await startConsumer(bus, name, definition, stopping.signal, log);
      stack.defer(`${name} consumer ${definition.name}`, () => subscription.close(shutdownGraceMs));
    }
    for (const definition of role === 'api' ? [] : parts.jobs) {
      const watched = watch.watch(definition);
      const subscription = await startJobHandler(bus, name, watched, stopping.signal, log);
      stack.defer(`${name} job ${definition.kind}`, () => subscription.close(shutdownGraceMs));
    }
  }
  // Registered last, so that it comes first: long work is told to stop before anything waits for it.
  stack.defer('stop signal', () => stopping.abort(new Error('the process is stopping')));
  return { idle: watch.idle };
}
