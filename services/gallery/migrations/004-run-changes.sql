-- What a person has asked for a run: the change that stands.
CREATE TABLE run_changes (
  run_id text PRIMARY KEY,
  revision int4 NOT NULL,
  is_canceled boolean NOT NULL,
  -- How often what failed was asked for again.
  retries int4 NOT NULL
);
-- False where its run counts already and is read anew, until all of its garments are here again.
ALTER TABLE season_garments ADD COLUMN is_counted boolean NOT NULL DEFAULT true;
