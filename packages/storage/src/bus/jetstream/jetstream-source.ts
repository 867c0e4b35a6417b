import type { Consumer, JetStreamClient, JsMsg } from '@nats-io/jetstream';
import type { Outcome, SubscribeOptions } from '../bus.ts';
import type { DeliverySource, HeldDelivery } from '../subscription.ts';
import { fromNatsHeaders, idOf } from './message-headers.ts';

// A pull that got lost with its server is repeated after this.
const PULL_MS = 5000;

export interface JetStreamSourceOptions extends SubscribeOptions {
  readonly client: JetStreamClient;
  /** Creates the durable again where somebody deleted it. */
  readonly ensure: () => Promise<void>;
  /** Keeps a record of a message that will not be delivered again. */
  readonly bury: (message: JsMsg, reason: string) => Promise<void>;
}

/** Deliveries of one durable pull consumer. */
export function createJetStreamSource(options: JetStreamSourceOptions): DeliverySource {
  const { client, stream, durable } = options;
  let consumer: Consumer | null = null;

  async function pull(
    from: Consumer,
    max: number,
    take: (held: HeldDelivery) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const messages = await from.fetch({ max_messages: max, expires: PULL_MS });
    const stop = (): void => messages.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      for await (const message of messages) take(hold(message, options));
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  return {
    async fetch(max, take, signal) {
      try {
        if (consumer === null) {
          await options.ensure();
          consumer = await client.consumers.get(stream, durable);
        }
        await pull(consumer, max, take, signal);
      } catch (error) {
        consumer = null;
        throw error;
      }
    },
  };
}

function hold(message: JsMsg, options: JetStreamSourceOptions): HeldDelivery {
  const extend = async (): Promise<void> => message.working();
  return {
    delivery: {
      subject: message.subject,
      id: idOf(message.headers, message.seq),
      headers: fromNatsHeaders(message.headers),
      data: message.data,
      sequence: message.seq,
      storedAt: message.time,
      attempt: message.info.deliveryCount,
      working: extend,
    },
    settle: (outcome) => settle(message, outcome, options),
    extend,
    giveBack: async () => message.nak(),
  };
}

async function settle(
  message: JsMsg,
  outcome: Outcome,
  { stream, bury }: JetStreamSourceOptions,
): Promise<void> {
  switch (outcome.kind) {
    case 'ack':
      // A job done twice is dear, so its ack is confirmed; an event handled twice is not.
      if (stream === 'JOBS') await message.ackAck();
      else message.ack();
      return;
    case 'retry':
      message.nak(outcome.delayMs);
      return;
    case 'dead-letter':
      // The record first: terminating a job deletes it.
      await bury(message, outcome.reason);
      message.term(outcome.reason.replace(/\s+/g, ' ').slice(0, 200));
  }
}
