import { currentTrace, isRecordingSpans, withSpan } from '@deepstyle/platform';
import type { Database, Outbox } from '@deepstyle/storage';

/** The same database, whose commits wake the relay of the outbox instead of leaving it to its next poll. */
export function wakingOutbox(database: Database, outbox: Outbox): Database {
  return {
    schema: database.schema,
    transaction: async (holder, work, options) => {
      const result = await inTransactionSpan(holder, () =>
        database.transaction(holder, work, options),
      );
      outbox.notify();
      return result;
    },
    check: () => database.check(),
    close: () => database.close(),
  };
}

/** A span where the transaction belongs to a trace; what a service does by itself, at intervals, belongs to none. */
function inTransactionSpan<T>(holder: string, work: () => Promise<T>): Promise<T> {
  const parent = currentTrace();
  if (parent === null || !isRecordingSpans()) return work();
  const attributes = { 'db.system.name': 'postgresql' };
  return withSpan({ name: `transaction ${holder}`, kind: 'client', parent, attributes }, work);
}
