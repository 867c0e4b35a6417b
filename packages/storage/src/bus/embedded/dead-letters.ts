import { randomUUID } from 'node:crypto';
import type { Database, Transaction } from '../../database/database.ts';
import { DeadLetterNotFoundError } from '../../errors.ts';
import type { DeadLetter, Message, StreamName } from '../bus.ts';
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
  readonly stream: StreamName;
  readonly durable: string;
  readonly attempts: number;
  readonly reason: string;
  readonly at: Date;
}

const COLUMNS = `id AS letter_id, stream, durable, sequence, subject, message_id AS id, headers, data, stored_at,
  attempts, reason, at`;

/** The newest thousand, oldest first. */
export async function listDeadLetters(database: Database): Promise<readonly DeadLetter[]> {
  const rows = await database.transaction('bus.listDeadLetters', (tx) =>
    tx.query<DeadLetterRow>(`SELECT ${COLUMNS} FROM dead_letters ORDER BY at DESC LIMIT 1000`),
  );
  return rows.reverse().map((row) => ({
    id: row.letter_id,
    stream: row.stream,
    durable: row.durable,
    message: toStoredMessage(row),
    attempts: row.attempts,
    reason: row.reason,
    at: row.at,
  }));
}

/** Publishes a dead letter again and forgets it. @throws DeadLetterNotFoundError */
export async function retryDeadLetter(
  database: Database,
  id: string,
  publish: (message: Message) => Promise<unknown>,
): Promise<void> {
  const [row] = await database.transaction('bus.readDeadLetter', (tx) =>
    tx.query<DeadLetterRow>(`SELECT ${COLUMNS} FROM dead_letters WHERE id = $1`, [id]),
  );
  if (row === undefined) throw new DeadLetterNotFoundError(id);
  await publish({ ...toStoredMessage(row), id: retryId(row.id, randomUUID()) });
  await database.transaction('bus.forgetDeadLetter', (tx) =>
    tx.query('DELETE FROM dead_letters WHERE id = $1', [id]),
  );
}
