-- When garments.ready came; null: it has not.
ALTER TABLE runs ADD COLUMN ready_at timestamptz;
-- Why too much of the run was lost to publish it unasked; null: it was not.
ALTER TABLE runs ADD COLUMN incomplete text;
-- When a person let it be published all the same.
ALTER TABLE runs ADD COLUMN released_at timestamptz;
-- Why the run has its model or gets none, as gan.ready said.
ALTER TABLE runs ADD COLUMN gan_reason text;
ALTER TABLE runs DROP CONSTRAINT runs_state_check;
ALTER TABLE runs ADD CONSTRAINT runs_state_check CHECK (state IN ('RUNNING', 'HELD', 'DONE', 'FAILED'));
-- Why the garments that it rests on are not all; null: nothing is known to be lacking.
ALTER TABLE trend_batches ADD COLUMN incomplete text;
-- Runs whose garments.ready an earlier version took.
UPDATE runs SET ready_at = garments_read_at WHERE garments_read_at IS NOT NULL;
