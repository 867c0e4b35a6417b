import { createJetStreamBus } from '@deepstyle/storage';
import { BODY, HEADERS, type Route } from './route.ts';

const SUBJECT = 'deepstyle.photo.stored.v1';

/** Over the port of the bus, as services use it. */
export async function openPort(url: string): Promise<Route> {
  const bus = await createJetStreamBus({ url });
  const route: Route = {
    publish: async (id) => {
      await bus.publish({ subject: SUBJECT, id, headers: HEADERS, data: BODY });
    },
    onHandled: () => {},
    close: () => bus.close(),
  };
  await bus.subscribe(
    {
      stream: 'EVENTS',
      durable: 'bench',
      subjects: [SUBJECT],
      concurrency: 8,
      ackWaitMs: 30_000,
      maxFailures: 8,
    },
    async (delivery) => {
      route.onHandled(delivery.id);
      return undefined;
    },
  );
  return route;
}
