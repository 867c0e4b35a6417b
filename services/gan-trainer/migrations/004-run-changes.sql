-- What a person has asked for a run: the change that stands.
CREATE TABLE run_changes (
  run_id text PRIMARY KEY,
  revision int4 NOT NULL,
  is_canceled boolean NOT NULL,
  -- How often what failed was asked for again.
  retries int4 NOT NULL
);
-- A training of a canceled run: nobody takes it until the run is resumed.
ALTER TABLE trainings DROP CONSTRAINT trainings_state_check;
ALTER TABLE trainings ADD CONSTRAINT trainings_state_check
  CHECK (state IN ('queued', 'running', 'done', 'skipped', 'failed', 'canceled'));
