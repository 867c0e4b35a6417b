import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Bus,
  createJetStreamBus,
  createOutbox,
  migrate,
  openPostgresServer,
} from '@deepstyle/storage';
import { temporaryFolder } from '@deepstyle/testkit';
import { BODY, HEADERS } from './route.ts';

const TRANSACTIONS = 1000;
const PER_SECOND = 100;

/** Milliseconds from a commit to the bus having its event, for each of many small transactions on PostgreSQL. */
export async function measureOutbox(postgresUrl: string, natsUrl: string): Promise<number[]> {
  const server = await openPostgresServer({ url: postgresUrl });
  const database = await server.schema('bench');
  const migrations = await temporaryFolder();
  await migrate(database, migrations.path);
  await migrations.remove();
  const bus = await createJetStreamBus({ url: natsUrl });
  const publishedAt = new Map<string, number>();
  const outbox = createOutbox({ database, bus: noting(bus, publishedAt) });
  outbox.start();
  const committedAt = new Map<string, number>();
  const begin = performance.now();
  const running: Promise<void>[] = [];
  for (let number = 0; number < TRANSACTIONS; number += 1) {
    const wait = begin + (1000 * number) / PER_SECOND - performance.now();
    if (wait > 1) await sleep(wait);
    running.push(commit(`outbox-${number}`));
  }
  await Promise.all(running);
  await outbox.flush();
  await outbox.close();
  await bus.close();
  await server.close();
  // The first are slow for being the first.
  return [...committedAt]
    .slice(PER_SECOND)
    .map(([id, at]) => Math.max(0, (publishedAt.get(id) ?? Number.NaN) - at));

  async function commit(id: string): Promise<void> {
    const message = {
      subject: 'deepstyle.photo.stored.v1',
      id,
      headers: HEADERS,
      data: BODY,
    } as const;
    await database.transaction('bench.commit', (tx) => outbox.add(tx, [message]));
    committedAt.set(id, performance.now());
    outbox.notify();
  }
}

/** The bus, which notes when it had each message. */
function noting(bus: Bus, publishedAt: Map<string, number>): Bus {
  const publish: Bus['publish'] = async (message) => {
    const published = await bus.publish(message);
    publishedAt.set(message.id, performance.now());
    return published;
  };
  return new Proxy(bus, {
    get: (target, name) => (name === 'publish' ? publish : Reflect.get(target, name).bind(target)),
  });
}
