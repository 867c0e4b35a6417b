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
  {
    number: 2,
    name: 'object-sweeps',
    sql: `
      -- How far the objects under a prefix have been looked at, and when it goes on.
      CREATE TABLE object_sweeps (
        prefix text PRIMARY KEY,
        after_key text NOT NULL DEFAULT '',
        next_at timestamptz NOT NULL
      );
      -- Objects that no record names. A row stays for a while after its object is deleted: whoever names it then is told.
      CREATE TABLE condemned_objects (
        key text COLLATE "C" PRIMARY KEY,
        condemned_at timestamptz NOT NULL,
        deleted_at timestamptz
      );`,
  },
];
