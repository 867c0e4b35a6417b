import type { ServiceName } from '@deepstyle/contracts';
import { observeMetric } from '@deepstyle/platform';
import type { Bus, Outbox } from '@deepstyle/storage';
import { consumerDurable } from './events/consumer.ts';
import { jobDurable } from './events/job.ts';
import type { ServiceParts } from './service.ts';

/** Has the fill of EVENTS read at each scrape, until the returned function is called. */
export function observeEvents(bus: Pick<Bus, 'eventsUsage'>): () => void {
  let asked: ReturnType<Bus['eventsUsage']> | null = null;
  // Three metrics of one scrape share an answer.
  const usage = (): ReturnType<Bus['eventsUsage']> => {
    asked ??= bus.eventsUsage().finally(() => {
      asked = null;
    });
    return asked;
  };
  const stops = [
    observeMetric('eventsStored', async () => [{ value: (await usage()).bytes, labels: {} }]),
    observeMetric('eventsLimit', async () => {
      const { maxBytes } = await usage();
      return maxBytes === null ? [] : [{ value: maxBytes, labels: {} }];
    }),
    observeMetric('durableHeld', async () =>
      (await usage()).durables.map(({ name, holds }) => ({
        value: holds,
        labels: { durable: name },
      })),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/**
 * Has the queues of a service read at each scrape, until the returned function is called: what waits for it on the bus,
 * in whatever role this process is, what it gave up, and what it has not sent.
 */
export function observeService(
  service: ServiceName,
  { jobs, consumers }: Pick<ServiceParts, 'jobs' | 'consumers'>,
  {
    bus,
    outbox,
  }: {
    readonly bus: Pick<Bus, 'lag' | 'countDeadLetters'>;
    readonly outbox: Pick<Outbox, 'backlog'>;
  },
): () => void {
  const works = [
    ...jobs.map((job) => ({
      stream: 'JOBS',
      durable: jobDurable(service, job),
      work: job.kind,
    })),
    ...consumers.map((one) => ({
      stream: 'EVENTS',
      durable: consumerDurable(service, one),
      work: one.name,
    })),
  ];
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
    observeMetric('deadLetters', async () => {
      const counts = await bus.countDeadLetters();
      const countOf = (stream: string, durable: string): number =>
        counts.find((each) => each.stream === stream && each.durable === durable)?.count ?? 0;
      return works.map(({ stream, durable, work }) => ({
        value: countOf(stream, durable),
        labels: { service, work },
      }));
    }),
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
