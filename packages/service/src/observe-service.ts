import type { ServiceName } from '@deepstyle/contracts';
import { observeMetric } from '@deepstyle/platform';
import type { Bus, Outbox } from '@deepstyle/storage';
import { consumerDurable } from './events/consumer.ts';
import { jobDurable } from './events/job.ts';
import type { ServiceParts } from './service.ts';

/**
 * Has the queues of a service read at each scrape, until the returned function is called: what waits for it on the bus,
 * in whatever role this process is, and what it has not sent.
 */
export function observeService(
  service: ServiceName,
  { jobs, consumers }: Pick<ServiceParts, 'jobs' | 'consumers'>,
  { bus, outbox }: { readonly bus: Pick<Bus, 'lag'>; readonly outbox: Pick<Outbox, 'backlog'> },
): () => void {
  const stops = [
    observeMetric('jobsWaiting', () =>
      Promise.all(
        jobs.map(async (job) => ({
          value: await bus.lag('JOBS', jobDurable(service, job)),
          labels: { service, kind: job.kind },
        })),
      ),
    ),
    observeMetric('consumerLag', () =>
      Promise.all(
        consumers.map(async (consumer) => ({
          value: await bus.lag('EVENTS', consumerDurable(service, consumer)),
          labels: { service, consumer: consumer.name },
        })),
      ),
    ),
    observeMetric('outboxMessages', async () => [
      { value: (await outbox.backlog()).messages, labels: { service } },
    ]),
    observeMetric('outboxOldest', async () => [
      { value: (await outbox.backlog()).oldestSeconds, labels: { service } },
    ]),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
