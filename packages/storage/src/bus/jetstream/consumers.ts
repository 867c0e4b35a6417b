import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { SubjectTakenError } from '../../errors.ts';
import type { SubscribeOptions } from '../bus.ts';
import { API_CODES, apiCode } from './failures.ts';

// Per durable, not per subscriber: unacked messages of all replicas together.
const MAX_UNACKED = 10_000;

/** Creates the durable consumer, or gives it these settings. @throws SubjectTakenError */
export async function ensureConsumer(
  manager: JetStreamManager,
  options: SubscribeOptions,
): Promise<void> {
  const { stream, durable, subjects } = options;
  const config: Partial<ConsumerConfig> = {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(options.ackWaitMs),
    // Kills and outages deliver again too: failures are counted apart (failure-counts.ts).
    max_deliver: -1,
    max_ack_pending: MAX_UNACKED,
    // The client takes one name or several by different fields of the server.
    ...(subjects.length === 1
      ? { filter_subject: subjects[0] as string }
      : { filter_subjects: [...subjects] }),
  };
  try {
    await manager.consumers.add(stream, config);
  } catch (error) {
    const code = apiCode(error);
    if (code === API_CODES.workQueueNotUnique || code === API_CODES.workQueueUnfiltered) {
      throw new SubjectTakenError(durable, subjects);
    }
    if (code !== API_CODES.consumerExists && code !== API_CODES.consumerNameInUse) throw error;
    await updateConsumer(manager, options, config);
  }
}

async function updateConsumer(
  manager: JetStreamManager,
  { stream, durable, subjects }: SubscribeOptions,
  config: Partial<ConsumerConfig>,
): Promise<void> {
  // The field that is not used must be emptied, as the client merges with what is there.
  const filters =
    subjects.length === 1 ? { filter_subjects: undefined } : { filter_subject: undefined };
  try {
    await manager.consumers.update(stream, durable, {
      ...config,
      ...filters,
    } as unknown as ConsumerConfig);
  } catch (error) {
    if (apiCode(error) === API_CODES.workQueueNotUnique) {
      throw new SubjectTakenError(durable, subjects);
    }
    throw error;
  }
}
