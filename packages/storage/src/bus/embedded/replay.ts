import type { Database } from '../../database/database.ts';
import type { StoredMessage } from '../bus.ts';
import type { WakeUp } from '../wake-up.ts';
import { MESSAGE_COLUMNS, type MessageRow, toStoredMessage } from './rows.ts';

const BATCH = 200;

export async function lastSequence(database: Database): Promise<number> {
  const [row] = await database.transaction('bus.lastSequence', (tx) =>
    tx.query<{ last_sequence: string }>("SELECT last_sequence FROM streams WHERE name = 'EVENTS'"),
  );
  return Number(row?.last_sequence ?? 0);
}

/** EVENTS from `first` on, then those that come. */
export async function* replayEvents(options: {
  readonly database: Database;
  readonly subjects: readonly string[];
  readonly first: Promise<number>;
  readonly wakeUp: WakeUp;
  readonly pollMs: number;
  readonly signal: AbortSignal;
  /** Called when the reading ends, whether by the signal or by the reader. */
  readonly onEnd: () => void;
}): AsyncGenerator<StoredMessage> {
  const { database, subjects, wakeUp, pollMs, signal } = options;
  const hasEnded = (): boolean => signal.aborted;
  try {
    let next = await options.first;
    while (!hasEnded()) {
      const rows = await database.transaction('bus.replay', (tx) =>
        tx.query<MessageRow>(
          `SELECT ${MESSAGE_COLUMNS} FROM messages m WHERE m.stream = 'EVENTS' AND m.sequence >= $1
           AND (cardinality($2::text[]) = 0 OR m.subject = ANY($2::text[])) ORDER BY m.sequence LIMIT ${BATCH}`,
          [next, subjects],
        ),
      );
      for (const row of rows) {
        yield toStoredMessage(row);
        next = Number(row.sequence) + 1;
        // While the consumer had the message it may have had enough.
        if (hasEnded()) return;
      }
      if (rows.length < BATCH) await wakeUp.wait(pollMs, signal);
    }
  } finally {
    options.onEnd();
  }
}
