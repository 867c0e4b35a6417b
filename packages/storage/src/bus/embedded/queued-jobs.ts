import type { Database } from '../../database/database.ts';
import type { StoredMessage } from '../bus.ts';
import { MESSAGE_COLUMNS, type MessageRow, toStoredMessage } from './rows.ts';

const PAGE = 500;

/** What is acknowledged is deleted, so whatever stands there is not done. */
export async function* readQueuedJobs(
  database: Database,
  subject: string,
): AsyncGenerator<StoredMessage> {
  let last = 0;
  for (;;) {
    const rows = await database.transaction('bus.readQueuedJobs', (tx) =>
      tx.query<MessageRow>(
        `SELECT ${MESSAGE_COLUMNS} FROM messages m WHERE stream = 'JOBS' AND subject = $1 AND sequence > $2
         ORDER BY sequence LIMIT ${PAGE}`,
        [subject, last],
      ),
    );
    for (const row of rows) yield toStoredMessage(row);
    if (rows.length < PAGE) return;
    last = Number(rows.at(-1)?.sequence ?? last);
  }
}
