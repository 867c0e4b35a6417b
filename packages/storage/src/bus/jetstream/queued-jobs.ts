import type { StoredMsg } from '@nats-io/jetstream';
import type { StoredMessage } from '../bus.ts';
import { toStoredMessage } from './stored-message.ts';

/** The first message of a subject from a sequence on; null where there is none. */
type ReadNext = (query: {
  readonly seq: number;
  readonly next_by_subj: string;
}) => Promise<StoredMsg | null>;

/** A work queue keeps what is not acknowledged, in the hands of a worker too, so whatever stands there is not done. */
export async function* readQueuedJobs(
  subject: string,
  readNext: ReadNext,
): AsyncGenerator<StoredMessage> {
  let sequence = 0;
  for (;;) {
    const found = await readNext({ seq: sequence + 1, next_by_subj: subject });
    if (found === null) return;
    sequence = found.seq;
    yield toStoredMessage(found);
  }
}
