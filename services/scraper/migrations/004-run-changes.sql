-- A canceled run goes no further until it is resumed. Each change has a number, which its event carries.
ALTER TABLE runs ADD COLUMN canceled_at timestamptz;
ALTER TABLE runs ADD COLUMN revision int4 NOT NULL DEFAULT 0;
-- How often what failed was asked for again.
ALTER TABLE runs ADD COLUMN retries int4 NOT NULL DEFAULT 0;
