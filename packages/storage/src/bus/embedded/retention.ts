import type { Database } from '../../database/database.ts';

export interface Retention {
  /** Events are kept for so long. */
  readonly maxAgeMs: number;
  /** The oldest go first where all together are more. */
  readonly maxBytes: number;
}

export const DEFAULT_RETENTION: Retention = { maxAgeMs: 14 * 24 * 3_600_000, maxBytes: 2 ** 30 };

// Few enough to stay far from the limit of a transaction.
const BATCH = 1000;

const PURGE = `
  WITH oldest AS (
    SELECT sequence, stored_at, sum(bytes) OVER (ORDER BY sequence) - bytes AS bytes_before
    FROM (SELECT * FROM messages WHERE stream = 'EVENTS' ORDER BY sequence LIMIT $3) AS first
  ), old AS (
    SELECT sequence FROM oldest, streams WHERE name = 'EVENTS'
    AND (bytes_before < streams.bytes - $2::bigint OR stored_at < now() - $1 * interval '1 millisecond')
  ), gone AS (
    DELETE FROM messages m USING old WHERE m.stream = 'EVENTS' AND m.sequence = old.sequence
    RETURNING m.sequence, m.bytes
  ), unleased AS (
    DELETE FROM deliveries d USING gone WHERE d.stream = 'EVENTS' AND d.sequence = gone.sequence
  ), counted AS (
    UPDATE streams SET bytes = bytes - (SELECT coalesce(sum(gone.bytes), 0) FROM gone) WHERE name = 'EVENTS'
  )
  SELECT count(*)::int AS count FROM gone`;

/** Forgets events that are too old or too many, and ids whose window is over. */
export async function applyRetention(database: Database, retention: Retention): Promise<void> {
  let count: number;
  do {
    const [row] = await database.transaction('bus.purge', (tx) =>
      tx.query<{ count: number }>(PURGE, [retention.maxAgeMs, retention.maxBytes, BATCH]),
    );
    count = row?.count ?? 0;
  } while (count === BATCH);
  await database.transaction('bus.forgetIds', (tx) =>
    tx.query('DELETE FROM recent_ids WHERE expires_at < now()'),
  );
}
