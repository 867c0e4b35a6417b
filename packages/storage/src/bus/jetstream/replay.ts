import { DeliverPolicy, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { StoredMessage } from '../bus.ts';
import { fromNatsHeaders, idOf } from './message-headers.ts';

/** The sequence after the last event stored. */
export async function nextSequence(manager: JetStreamManager): Promise<number> {
  const { state } = await manager.streams.info('EVENTS');
  return state.last_seq + 1;
}

/** EVENTS from `first` on, by an ordered consumer, which the client repairs after gaps and lost connections. */
export async function* replayStream(options: {
  readonly client: JetStreamClient;
  readonly subjects: readonly string[];
  readonly first: Promise<number>;
  readonly signal: AbortSignal;
}): AsyncGenerator<StoredMessage> {
  const { client, subjects, signal } = options;
  const first = await options.first;
  const consumer = await client.consumers.get('EVENTS', {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: Math.max(1, first),
    ...(subjects.length === 0 ? {} : { filter_subjects: [...subjects] }),
  });
  const messages = await consumer.consume({ max_messages: 200 });
  const stop = (): void => messages.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    for await (const message of messages) {
      if (signal.aborted) return;
      yield {
        subject: message.subject,
        id: idOf(message.headers, message.seq),
        headers: fromNatsHeaders(message.headers),
        data: message.data,
        sequence: message.seq,
        storedAt: message.time,
      };
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    // The server forgets it by itself, where it cannot be told.
    await consumer.delete().catch(() => undefined);
  }
}
