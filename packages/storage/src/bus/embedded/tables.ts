import type { Migration } from '../../database/migration.ts';

/** The embedded bus's tables. They mirror what JetStream keeps: streams, durables, unacked deliveries. */
export const BUS_TABLES: readonly Migration[] = [
  {
    number: 1,
    name: 'bus',
    sql: `
      -- The row of a stream is locked by every publish, so sequences become visible in their order.
      CREATE TABLE streams (
        name text PRIMARY KEY,
        last_sequence bigint NOT NULL DEFAULT 0,
        -- Of EVENTS alone; a work queue is not limited.
        bytes bigint NOT NULL DEFAULT 0
      );
      INSERT INTO streams (name) VALUES ('EVENTS'), ('JOBS');

      CREATE TABLE messages (
        stream text NOT NULL REFERENCES streams,
        sequence bigint NOT NULL,
        subject text NOT NULL,
        id text NOT NULL,
        headers jsonb NOT NULL,
        data bytea NOT NULL,
        bytes integer NOT NULL,
        stored_at timestamptz NOT NULL,
        PRIMARY KEY (stream, sequence)
      );

      -- Outlives the messages: a job that was acked is still a duplicate.
      CREATE TABLE recent_ids (
        stream text NOT NULL,
        id text NOT NULL,
        sequence bigint NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (stream, id)
      );
      CREATE INDEX recent_ids_expire ON recent_ids (expires_at);

      CREATE TABLE durables (
        stream text NOT NULL REFERENCES streams,
        name text NOT NULL,
        subjects text[] NOT NULL,
        -- Everything up to here was delivered once at least.
        cursor bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (stream, name)
      );

      CREATE TABLE deliveries (
        stream text NOT NULL,
        durable text NOT NULL,
        sequence bigint NOT NULL,
        attempt integer NOT NULL,
        -- The end of the lease, or the time of the next try.
        due_at timestamptz NOT NULL,
        PRIMARY KEY (stream, durable, sequence)
      );
      CREATE INDEX deliveries_due ON deliveries (stream, durable, due_at);

      CREATE TABLE dead_letters (
        id text PRIMARY KEY,
        stream text NOT NULL,
        durable text NOT NULL,
        sequence bigint NOT NULL,
        subject text NOT NULL,
        message_id text NOT NULL,
        headers jsonb NOT NULL,
        data bytea NOT NULL,
        stored_at timestamptz NOT NULL,
        attempts integer NOT NULL,
        reason text NOT NULL,
        at timestamptz NOT NULL DEFAULT now()
      );`,
  },
  {
    number: 2,
    name: 'failures',
    sql: 'ALTER TABLE deliveries ADD COLUMN failures integer NOT NULL DEFAULT 0;',
  },
  {
    number: 3,
    name: 'dead_letter_places',
    sql: 'ALTER TABLE dead_letters ADD COLUMN place bigint GENERATED ALWAYS AS IDENTITY UNIQUE;',
  },
];
