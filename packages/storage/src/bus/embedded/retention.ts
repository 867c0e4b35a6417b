import type { Database } from '../../database/database.ts';
import type { EventsUsage } from '../retention.ts';

// Few enough to stay far from the limit of a transaction.
const BATCH = 1000;

// What each durable has handled: nothing up to here is under way, or new on its subjects.
const FLOORS = `
  SELECT d.name, least(s.last_sequence,
    (SELECT min(x.sequence) - 1 FROM deliveries x WHERE x.stream = d.stream AND x.durable = d.name),
    (SELECT m.sequence - 1 FROM messages m WHERE m.stream = d.stream AND m.sequence > d.cursor
      AND m.subject = ANY(d.subjects) ORDER BY m.sequence LIMIT 1)) AS floor
  FROM durables d JOIN streams s ON s.name = d.stream WHERE d.stream = 'EVENTS'`;

const PURGE = `
  WITH floor AS (
    SELECT min(floor) AS floor FROM (${FLOORS}) AS floors
  ), oldest AS (
    SELECT sequence, stored_at, sum(bytes) OVER (ORDER BY sequence) - bytes AS bytes_before
    FROM (SELECT * FROM messages WHERE stream = 'EVENTS' ORDER BY sequence LIMIT $3) AS first
  ), old AS (
    SELECT sequence FROM oldest, streams, floor WHERE name = 'EVENTS'
    AND (floor.floor IS NULL OR sequence <= floor.floor)
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

/** Forgets events that all have handled where they are too old or too many, and ids whose window is over. */
export async function applyRetention(
  database: Database,
  retention: { readonly maxAgeMs: number; readonly maxBytes: number },
): Promise<void> {
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

const USAGE = `
  SELECT s.bytes::float8 AS bytes, f.name,
    (SELECT count(*) FROM messages m WHERE m.stream = 'EVENTS' AND m.sequence > f.floor)::float8 AS holds
  FROM streams s LEFT JOIN (${FLOORS}) AS f ON true WHERE s.name = 'EVENTS' ORDER BY f.floor`;

export async function readUsage(database: Database): Promise<EventsUsage> {
  const rows = await database.transaction('bus.usage', (tx) =>
    tx.query<{ bytes: number; name: string | null; holds: number }>(USAGE),
  );
  return {
    bytes: rows[0]?.bytes ?? 0,
    maxBytes: null,
    durables: rows.flatMap(({ name, holds }) => (name === null ? [] : [{ name, holds }])),
  };
}
