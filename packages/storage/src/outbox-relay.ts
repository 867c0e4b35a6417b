import { isRecordingSpans, parseTraceparent, withSpan } from '@deepstyle/platform';
import type { Bus } from './bus/bus.ts';
import type { Database } from './database/database.ts';

interface OutboxRow {
  readonly position: string;
  readonly id: string;
  readonly subject: string;
  readonly headers: Record<string, string>;
  readonly data: Uint8Array;
}

export const RELAY_BATCH = 200;

// Never "everything after the last position": positions are given out before their transactions commit, so a later one
// can become visible first.
const CLAIM = `
  WITH free AS (
    SELECT position FROM outbox
    WHERE claimed_until IS NULL OR claimed_until < clock_timestamp()
    ORDER BY position LIMIT ${RELAY_BATCH} FOR UPDATE SKIP LOCKED
  )
  UPDATE outbox SET claimed_until = clock_timestamp() + $1 * interval '1 millisecond'
  FROM free WHERE outbox.position = free.position
  RETURNING outbox.position, id, subject, headers, data`;

/**
 * Claims one batch of the outbox, publishes it outside any transaction, and forgets what the bus took.
 *
 * @returns how many rows were claimed
 * @throws what the bus threw for one of them; those that failed are free again
 */
export async function relayBatch(database: Database, bus: Bus, claimMs: number): Promise<number> {
  const rows = await database.transaction('outbox.claim', (tx) =>
    tx.query<OutboxRow>(CLAIM, [claimMs]),
  );
  if (rows.length === 0) return 0;
  rows.sort((a, b) => Number(a.position) - Number(b.position));
  const results = await Promise.allSettled(rows.map((row) => send(row, bus)));
  const positionsWhere = (status: 'fulfilled' | 'rejected'): string[] =>
    rows.flatMap((row, index) => (results[index]?.status === status ? [row.position] : []));
  const failed = positionsWhere('rejected');
  await database.transaction('outbox.forget', async (tx) => {
    await tx.query('DELETE FROM outbox WHERE position = ANY($1::bigint[])', [
      positionsWhere('fulfilled'),
    ]);
    if (failed.length === 0) return;
    await tx.query('UPDATE outbox SET claimed_until = NULL WHERE position = ANY($1::bigint[])', [
      failed,
    ]);
  });
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return rows.length;
}

/** In the trace of the message, where it has one: the time that it waited for its commit and for this relay shows. */
async function send({ subject, id, headers, data }: OutboxRow, bus: Bus): Promise<void> {
  const publish = async (): Promise<void> => {
    await bus.publish({ subject, id, headers, data });
  };
  const parent = parseTraceparent(headers.traceparent);
  if (parent === null || !isRecordingSpans()) return publish();
  const attributes = { 'messaging.operation.type': 'send', 'messaging.destination.name': subject };
  return withSpan({ name: `send ${subject}`, kind: 'producer', parent, attributes }, publish);
}
