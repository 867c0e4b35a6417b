import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { connect, headers, nanos } from '@nats-io/transport-node';
import { BODY, HEADERS, type Route } from './route.ts';

const STREAM = 'RAW';
const SUBJECT = 'raw.photo.stored';
const DURABLE = 'raw';

/** Over the client of NATS alone, with a stream and a consumer like ours. */
export async function openRaw(url: string): Promise<Route> {
  const connection = await connect({ servers: url });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({
    name: STREAM,
    subjects: [SUBJECT],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    duplicate_window: nanos(120_000),
  });
  await manager.consumers.add(STREAM, {
    durable_name: DURABLE,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(30_000),
  });
  const client = jetstream(connection);
  const consumer = await client.consumers.get(STREAM, DURABLE);
  const messages = await consumer.consume();
  const route: Route = {
    publish: async (id) => {
      const sent = headers();
      for (const [name, value] of Object.entries(HEADERS)) sent.set(name, value);
      await client.publish(SUBJECT, BODY, { msgID: id, headers: sent });
    },
    onHandled: () => {},
    close: async () => {
      messages.stop();
      await consuming;
      await connection.close();
    },
  };
  const consuming = (async () => {
    for await (const message of messages) {
      route.onHandled(message.headers?.get('Nats-Msg-Id') ?? '');
      message.ack();
    }
  })();
  return route;
}
