-- Trained detectors; at most one is active for new runs.
CREATE TABLE models (
  id text PRIMARY KEY,
  dataset_id text NOT NULL,
  categories text[] NOT NULL,
  -- COCO's AP@[.50:.95] and AP@.50 on the dataset's validation part.
  ap float8,
  ap50 float8,
  created_at timestamptz NOT NULL,
  is_active boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX one_active_model ON models (is_active) WHERE is_active;

-- What each run pinned at its start: the id of a model, or 'none'.
CREATE TABLE runs (
  id text PRIMARY KEY,
  detector text NOT NULL,
  seen_at timestamptz NOT NULL
);
