import type { Consumer, ConsumerMessages, JetStreamClient, JsMsg } from '@nats-io/jetstream';
import type { Outcome, SubscribeOptions } from '../bus.ts';
import type { DeliverySource, HeldDelivery, Room } from '../subscription.ts';
import type { FailureCounts } from './failure-counts.ts';
import { fromNatsHeaders, idOf } from './message-headers.ts';

// A pull that got lost with its server is repeated after this.
const PULL_MS = 5000;

export interface JetStreamSourceOptions extends SubscribeOptions {
  readonly client: JetStreamClient;
  /** Creates the durable again where somebody deleted it. */
  readonly ensure: () => Promise<void>;
  /** Waits until all that the server has sent is here. */
  readonly flush: () => Promise<void>;
  /** Keeps a record of a message that will not be delivered again. */
  readonly bury: (message: JsMsg, reason: string) => Promise<void>;
  readonly failures: FailureCounts;
}

/** A request for messages that is with the server. */
interface Pull {
  readonly max: number;
  readonly messages: Promise<ConsumerMessages>;
}

type Take = (held: HeldDelivery) => void;

/**
 * Deliveries of one durable pull consumer. Before a request is used up the next one is with the server, so that no event
 * waits for it; the server serves them one after the other. Jobs are never asked for ahead.
 */
export function createJetStreamSource(options: JetStreamSourceOptions): DeliverySource {
  const { client, stream, durable } = options;
  const asksAhead = stream === 'EVENTS';
  let consumer: Consumer | null = null;
  let following: Pull | null = null;

  async function read(
    pull: Pull,
    take: Take,
    signal: AbortSignal,
    onTaken: (left: number) => void,
  ) {
    const messages = await pull.messages;
    // What is on its way here would be lost to others until its lease ends.
    const stop = (): void => void options.flush().then(() => messages.stop());
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    let left = pull.max;
    try {
      for await (const message of messages) {
        take(hold(message, await options.failures.read(message), options));
        left -= 1;
        onTaken(left);
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  function followUp(from: Consumer, left: number, room: Room, signal: AbortSignal): void {
    const isSoonNeeded = asksAhead && following === null && left <= room.least;
    const max = room.free() - left;
    if (isSoonNeeded && max >= room.least && !signal.aborted) following = request(from, max);
  }

  return {
    async fetch(room, take, signal) {
      try {
        if (consumer === null) {
          await options.ensure();
          consumer = await client.consumers.get(stream, durable);
        }
        const from = consumer;
        const pull = following ?? request(from, room.free());
        following = null;
        await read(pull, take, signal, (left) => followUp(from, left, room, signal));
      } catch (error) {
        consumer = null;
        throw error;
      }
    },
    async drain(take) {
      const rest = following;
      following = null;
      if (rest !== null) await read(rest, take, AbortSignal.abort(), () => {});
    },
  };
}

function request(from: Consumer, max: number): Pull {
  const messages = from.fetch({ max_messages: max, expires: PULL_MS });
  // Where it fails ahead of its turn, it is told in its turn.
  messages.catch(() => undefined);
  return { max, messages };
}

function hold(message: JsMsg, failures: number, options: JetStreamSourceOptions): HeldDelivery {
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
      failures,
      working: extend,
    },
    settle: (outcome) => settle(message, failures, outcome, options),
    extend,
    giveBack: async () => message.nak(),
  };
}

async function settle(
  message: JsMsg,
  failures: number,
  outcome: Outcome,
  { stream, bury, failures: counts }: JetStreamSourceOptions,
): Promise<void> {
  switch (outcome.kind) {
    case 'ack':
      // A job done twice is dear, so its ack is confirmed; an event handled twice is not.
      if (stream === 'JOBS') await message.ackAck();
      else message.ack();
      return;
    case 'wait':
      message.nak(outcome.delayMs);
      return;
    case 'retry':
      await counts.write(message, failures + 1);
      message.nak(outcome.delayMs);
      return;
    case 'dead-letter':
      // The record first: terminating a job deletes it.
      await bury(message, outcome.reason);
      message.term(outcome.reason.replace(/\s+/g, ' ').slice(0, 200));
  }
}
