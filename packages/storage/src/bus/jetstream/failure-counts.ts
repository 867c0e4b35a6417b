import { createHash } from 'node:crypto';
import type { JetStreamClient, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import type { StreamName } from '../bus.ts';
import { API_CODES, apiCode } from './failures.ts';
import { idOf } from './message-headers.ts';
import { FAILURES, failureSubject } from './streams.ts';

/**
 * How often the work with a message failed, kept beside the streams. The server itself counts deliveries only, and delivers
 * again after a kill or an outage too.
 */
export interface FailureCounts {
  /** Failures so far. */
  read(message: JsMsg): Promise<number>;
  write(message: JsMsg, failures: number): Promise<void>;
}

export function createFailureCounts(
  client: JetStreamClient,
  manager: JetStreamManager,
  durable: string,
): FailureCounts {
  const subjectOf = (message: JsMsg): string =>
    failureSubject(message.info.stream as StreamName, durable, nameOf(message));
  return {
    async read(message) {
      // What comes for the first time has not failed yet.
      if (message.info.deliveryCount === 1) return 0;
      try {
        const last = await manager.direct.getMessage(FAILURES, {
          last_by_subj: subjectOf(message),
        });
        return last === null ? 0 : Number(last.string());
      } catch (error) {
        if (apiCode(error) === API_CODES.noMessage) return 0;
        throw error;
      }
    },
    async write(message, failures) {
      await client.publish(subjectOf(message), String(failures));
    },
  };
}

/** Of the message rather than of its place: a stream that is made anew counts from 1 again. */
function nameOf(message: JsMsg): string {
  const id = idOf(message.headers, message.seq);
  return createHash('sha256').update(`${message.seq} ${id}`).digest('hex').slice(0, 32);
}
