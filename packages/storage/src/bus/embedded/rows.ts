import type { StoredMessage, StreamName } from '../bus.ts';

/** Names a row of the table `durables`. */
export interface DurableKey {
  readonly stream: StreamName;
  readonly durable: string;
}

export interface MessageRow {
  readonly sequence: string;
  readonly subject: string;
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly data: Uint8Array;
  readonly stored_at: Date;
}

/** The columns of a MessageRow, of the table or alias `m`. */
export const MESSAGE_COLUMNS = 'm.sequence, m.subject, m.id, m.headers, m.data, m.stored_at';

export function toStoredMessage(row: MessageRow): StoredMessage {
  return {
    sequence: Number(row.sequence),
    subject: row.subject,
    id: row.id,
    headers: row.headers,
    data: row.data,
    storedAt: row.stored_at,
  };
}
