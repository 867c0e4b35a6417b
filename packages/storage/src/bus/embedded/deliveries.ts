import type { Database, Transaction } from '../../database/database.ts';
import type { StreamName } from '../bus.ts';
import { buryDelivery } from './dead-letters.ts';
import { type DurableKey, MESSAGE_COLUMNS, type MessageRow } from './rows.ts';

export interface LeasedRow extends MessageRow {
  readonly attempt: number;
  readonly failures: number;
}

const LEASE_DUE = `
  WITH due AS (
    SELECT sequence FROM deliveries
    WHERE stream = $1 AND durable = $2 AND due_at <= clock_timestamp()
    ORDER BY sequence LIMIT $3 FOR UPDATE SKIP LOCKED
  ), leased AS (
    UPDATE deliveries SET attempt = attempt + 1,
      due_at = clock_timestamp() + $4 * interval '1 millisecond'
    FROM due WHERE stream = $1 AND durable = $2 AND deliveries.sequence = due.sequence
    RETURNING deliveries.sequence, attempt, failures
  )
  SELECT leased.attempt, leased.failures, ${MESSAGE_COLUMNS} FROM leased
  JOIN messages m ON m.stream = $1 AND m.sequence = leased.sequence ORDER BY m.sequence`;

// Where fewer than asked for were found, the cursor moves to the end of the stream as this statement sees it, past
// other durables' subjects. The limit stands where the cursor is a value: so the index is read from there, and no further.
const LEASE_NEW = `
  WITH mine AS (
    SELECT cursor, subjects FROM durables WHERE stream = $1 AND name = $2 FOR UPDATE
  ), next AS (
    SELECT found.* FROM mine, LATERAL (
      SELECT * FROM messages m
      WHERE m.stream = $1 AND m.sequence > mine.cursor AND m.subject = ANY(mine.subjects)
      ORDER BY m.sequence LIMIT $3
    ) AS found
  ), leased AS (
    INSERT INTO deliveries (stream, durable, sequence, attempt, due_at)
    SELECT $1, $2, sequence, 1, clock_timestamp() + $4 * interval '1 millisecond' FROM next
  ), moved AS (
    UPDATE durables SET cursor = greatest(durables.cursor, CASE
      WHEN (SELECT count(*) FROM next) >= $3 THEN (SELECT max(sequence) FROM next)
      ELSE (SELECT last_sequence FROM streams WHERE name = $1) END)
    FROM mine WHERE stream = $1 AND name = $2
  )
  SELECT 1 AS attempt, 0 AS failures, ${MESSAGE_COLUMNS} FROM next m ORDER BY m.sequence`;

/** Leases up to `max` messages: first those whose lease ended or whose retry is due, then new ones. */
export async function lease(
  database: Database,
  key: DurableKey,
  options: { readonly max: number; readonly ackWaitMs: number },
): Promise<readonly LeasedRow[]> {
  const { max, ackWaitMs } = options;
  return database.transaction('bus.lease', async (tx) => {
    const again = await tx.query<LeasedRow>(LEASE_DUE, [key.stream, key.durable, max, ackWaitMs]);
    if (again.length >= max) return again;
    const fresh = await tx.query<LeasedRow>(LEASE_NEW, [
      key.stream,
      key.durable,
      max - again.length,
      ackWaitMs,
    ]);
    return [...again, ...fresh];
  });
}

export type Settlement =
  | { readonly kind: 'ack'; readonly sequence: number }
  | {
      readonly kind: 'lease';
      readonly sequence: number;
      readonly attempt: number;
      readonly ms: number;
      /** Added to those of the delivery. */
      readonly failures: 0 | 1;
    }
  | { readonly kind: 'give-back'; readonly sequence: number; readonly attempt: number }
  | { readonly kind: 'dead-letter'; readonly sequence: number; readonly reason: string };

/** Settles deliveries of one durable in one transaction. Leases are moved only by their present holder. */
export async function settleBatch(
  database: Database,
  key: DurableKey,
  batch: readonly Settlement[],
): Promise<void> {
  await database.transaction('bus.settle', async (tx) => {
    const acked = batch.flatMap((item) => (item.kind === 'ack' ? [item.sequence] : []));
    if (acked.length > 0) await ack(tx, key, acked);
    for (const item of batch) await settleOne(tx, key, item);
  });
}

async function settleOne(tx: Transaction, key: DurableKey, item: Settlement): Promise<void> {
  const mine = 'stream = $1 AND durable = $2 AND sequence = $3';
  switch (item.kind) {
    case 'ack':
      return;
    case 'lease':
      await tx.query(
        `UPDATE deliveries SET due_at = clock_timestamp() + $5 * interval '1 millisecond',
           failures = failures + $6
         WHERE ${mine} AND attempt = $4`,
        [key.stream, key.durable, item.sequence, item.attempt, item.ms, item.failures],
      );
      return;
    case 'give-back':
      await tx.query(
        `UPDATE deliveries SET due_at = clock_timestamp(), attempt = attempt - 1
         WHERE ${mine} AND attempt = $4`,
        [key.stream, key.durable, item.sequence, item.attempt],
      );
      return;
    case 'dead-letter':
      await buryDelivery(tx, key, item.sequence, item.reason);
  }
}

async function ack(tx: Transaction, key: DurableKey, sequences: readonly number[]): Promise<void> {
  await tx.query(
    'DELETE FROM deliveries WHERE stream = $1 AND durable = $2 AND sequence = ANY($3::bigint[])',
    [key.stream, key.durable, sequences],
  );
  if (key.stream !== 'JOBS') return;
  await tx.query("DELETE FROM messages WHERE stream = 'JOBS' AND sequence = ANY($1::bigint[])", [
    sequences,
  ]);
}

/** Durables for which something is due or new. */
export async function findWork(database: Database): Promise<readonly DurableKey[]> {
  return database.transaction('bus.findWork', (tx) =>
    tx.query<{ stream: StreamName; durable: string }>(
      `SELECT stream, name AS durable FROM durables d
       WHERE EXISTS (SELECT 1 FROM deliveries x
         WHERE x.stream = d.stream AND x.durable = d.name AND x.due_at <= clock_timestamp())
       OR (SELECT m.sequence FROM messages m
         WHERE m.stream = d.stream AND m.sequence > d.cursor AND m.subject = ANY(d.subjects)
         ORDER BY m.sequence LIMIT 1) IS NOT NULL`,
    ),
  );
}

export async function countLag(database: Database, key: DurableKey): Promise<number> {
  const [row] = await database.transaction('bus.lag', (tx) =>
    tx.query<{ lag: number }>(
      `SELECT ((SELECT count(*) FROM messages m WHERE m.stream = d.stream AND m.sequence > d.cursor
           AND m.subject = ANY(d.subjects))
         + (SELECT count(*) FROM deliveries x WHERE x.stream = d.stream AND x.durable = d.name))::int AS lag
       FROM durables d WHERE d.stream = $1 AND d.name = $2`,
      [key.stream, key.durable],
    ),
  );
  return row?.lag ?? 0;
}
