import type { Database, Transaction } from '../../database/database.ts';
import { DeadLetterNotFoundError } from '../../errors.ts';
import type { Bus, DeadLetter, DeadLetterCount, Message, StreamName } from '../bus.ts';
import { retryId } from '../message.ts';
import { type DurableKey, type MessageRow, toStoredMessage } from './rows.ts';

const BURY = `
  WITH spent AS (
    DELETE FROM deliveries WHERE stream = $1 AND durable = $2 AND sequence = $3
    RETURNING sequence, attempt
  )
  INSERT INTO dead_letters
    (id, stream, durable, sequence, subject, message_id, headers, data, stored_at, attempts, reason)
  SELECT $1 || '.' || $2 || '.' || m.sequence, $1, $2, m.sequence, m.subject, m.id, m.headers, m.data,
    m.stored_at, spent.attempt, $4
  FROM spent JOIN messages m ON m.stream = $1 AND m.sequence = spent.sequence
  ON CONFLICT (id) DO NOTHING`;

/** Moves a delivery to the dead letters. */
export async function buryDelivery(
  tx: Transaction,
  key: DurableKey,
  sequence: number,
  reason: string,
): Promise<void> {
  await tx.query(BURY, [key.stream, key.durable, sequence, reason.slice(0, 2000)]);
  if (key.stream !== 'JOBS') return;
  await tx.query("DELETE FROM messages WHERE stream = 'JOBS' AND sequence = $1", [sequence]);
}

interface DeadLetterRow extends MessageRow {
  readonly letter_id: string;
  readonly place: string;
  readonly stream: StreamName;
  readonly durable: string;
  readonly attempts: number;
  readonly reason: string;
  readonly at: Date;
}

const SELECT = `SELECT id AS letter_id, place, stream, durable, sequence, subject, message_id AS id, headers, data, stored_at,
  attempts, reason, at FROM dead_letters`;

export async function listDeadLetters(
  database: Database,
  { after, limit }: Parameters<Bus['deadLetters']>[0],
): Promise<readonly DeadLetter[]> {
  const rows = await database.transaction('bus.listDeadLetters', (tx) =>
    tx.query<DeadLetterRow>(`${SELECT} WHERE place > $1 ORDER BY place LIMIT $2`, [after, limit]),
  );
  return rows.map(toDeadLetter);
}

export async function readDeadLetter(database: Database, id: string): Promise<DeadLetter | null> {
  const [row] = await database.transaction('bus.readDeadLetter', (tx) =>
    tx.query<DeadLetterRow>(`${SELECT} WHERE id = $1`, [id]),
  );
  return row === undefined ? null : toDeadLetter(row);
}

export async function countDeadLetters(database: Database): Promise<readonly DeadLetterCount[]> {
  return database.transaction('bus.countDeadLetters', (tx) =>
    tx.query<{ stream: StreamName; durable: string; count: number }>(
      'SELECT stream, durable, count(*)::int AS count FROM dead_letters GROUP BY stream, durable',
    ),
  );
}

/** @throws DeadLetterNotFoundError */
export async function retryDeadLetter(
  database: Database,
  id: string,
  publish: (message: Message) => Promise<unknown>,
): Promise<void> {
  const letter = await readDeadLetter(database, id);
  if (letter === null) throw new DeadLetterNotFoundError(id);
  const { subject, headers, data, id: messageId } = letter.message;
  await publish({ subject, headers, data, id: retryId(messageId, id) });
  await forget(database, id);
}

/** @throws DeadLetterNotFoundError */
export async function dropDeadLetter(database: Database, id: string): Promise<void> {
  // A job left its queue when it became a dead letter.
  if (!(await forget(database, id))) throw new DeadLetterNotFoundError(id);
}

async function forget(database: Database, id: string): Promise<boolean> {
  const gone = await database.transaction('bus.forgetDeadLetter', (tx) =>
    tx.query('DELETE FROM dead_letters WHERE id = $1 RETURNING id', [id]),
  );
  return gone.length > 0;
}

function toDeadLetter(row: DeadLetterRow): DeadLetter {
  return {
    id: row.letter_id,
    place: Number(row.place),
    stream: row.stream,
    durable: row.durable,
    message: toStoredMessage(row),
    attempts: row.attempts,
    reason: row.reason,
    at: row.at,
  };
}
