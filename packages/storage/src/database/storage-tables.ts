import type { Migration } from './migration.ts';

/** Tables that every service's schema has besides its own. */
export const STORAGE_TABLES: readonly Migration[] = [
  {
    number: 1,
    name: 'outbox',
    sql: `
      CREATE TABLE outbox (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        subject text NOT NULL,
        headers jsonb NOT NULL,
        data bytea NOT NULL,
        added_at timestamptz NOT NULL DEFAULT now(),
        -- A relay that took this row is expected to have published it by then.
        claimed_until timestamptz
      );`,
  },
];
