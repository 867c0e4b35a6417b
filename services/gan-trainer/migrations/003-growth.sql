-- Garments that the model was trained on, without those held out.
ALTER TABLE models ADD COLUMN garment_count int4 NOT NULL DEFAULT 0;
UPDATE models SET garment_count = (
  SELECT count(*) FROM model_garments WHERE model_id = models.id AND NOT held_out
);
-- Earlier runs of a detector, newest first.
CREATE INDEX trainings_of_detector ON trainings ((run ->> 'detector'), created_at DESC, run_id);
