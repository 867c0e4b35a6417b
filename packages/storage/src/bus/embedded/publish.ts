import type { Database, Transaction } from '../../database/database.ts';
import type { Message, StreamName } from '../bus.ts';
import { DUPLICATE_WINDOW_MS, messageBytes, streamOf } from '../message.ts';

export interface Published {
  readonly sequence: number;
  readonly duplicate: boolean;
}

/** Stores messages in one transaction; one answer for each, in order. */
export async function publishBatch(
  database: Database,
  messages: readonly Message[],
): Promise<readonly Published[]> {
  return database.transaction('bus.publish', async (tx) => {
    const answers = new Map<Message, Published>();
    // Always in this order, so that two publishers cannot wait for each other.
    for (const stream of ['EVENTS', 'JOBS'] as const) {
      const mine = messages.filter((message) => streamOf(message.subject) === stream);
      if (mine.length > 0) await publishTo(tx, stream, mine, answers);
    }
    return messages.map((message) => answers.get(message) as Published);
  });
}

async function publishTo(
  tx: Transaction,
  stream: StreamName,
  messages: readonly Message[],
  answers: Map<Message, Published>,
): Promise<void> {
  const [row] = await tx.query<{ last_sequence: string }>(
    'SELECT last_sequence FROM streams WHERE name = $1 FOR UPDATE',
    [stream],
  );
  let last = Number(row?.last_sequence ?? 0);
  const recent = await recentIds(tx, stream, messages);
  const fresh: Message[] = [];
  for (const message of messages) {
    const known = recent.get(message.id);
    if (known === undefined) {
      last += 1;
      recent.set(message.id, last);
      fresh.push(message);
    }
    answers.set(message, { sequence: known ?? last, duplicate: known !== undefined });
  }
  if (fresh.length > 0) await store(tx, stream, fresh, last);
}

async function recentIds(
  tx: Transaction,
  stream: StreamName,
  messages: readonly Message[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ id: string; sequence: string }>(
    'SELECT id, sequence FROM recent_ids WHERE stream = $1 AND id = ANY($2::text[]) AND expires_at > now()',
    [stream, messages.map((message) => message.id)],
  );
  return new Map(rows.map((row) => [row.id, Number(row.sequence)]));
}

const STORE = `
  WITH fresh AS (
    SELECT $2::bigint + place AS sequence, subject, id, headers, data, bytes
    FROM unnest($3::text[], $4::text[], $5::jsonb[], $6::bytea[], $7::integer[])
      WITH ORDINALITY AS given (subject, id, headers, data, bytes, place)
  ), remembered AS (
    INSERT INTO recent_ids (stream, id, sequence, expires_at)
    SELECT $1, id, sequence, now() + ${DUPLICATE_WINDOW_MS} * interval '1 millisecond' FROM fresh
    ON CONFLICT (stream, id) DO UPDATE SET sequence = excluded.sequence, expires_at = excluded.expires_at
  ), counted AS (
    UPDATE streams SET last_sequence = $2::bigint + (SELECT count(*) FROM fresh),
      bytes = streams.bytes + CASE $1 WHEN 'EVENTS' THEN (SELECT sum(bytes) FROM fresh) ELSE 0 END
    WHERE name = $1
  )
  INSERT INTO messages (stream, sequence, subject, id, headers, data, bytes, stored_at)
  SELECT $1, sequence, subject, id, headers, data, bytes, now() FROM fresh`;

async function store(
  tx: Transaction,
  stream: StreamName,
  fresh: readonly Message[],
  last: number,
): Promise<void> {
  await tx.query(STORE, [
    stream,
    last - fresh.length,
    fresh.map((message) => message.subject),
    fresh.map((message) => message.id),
    fresh.map((message) => JSON.stringify(message.headers)),
    fresh.map((message) => message.data),
    fresh.map(messageBytes),
  ]);
}
