-- A training, by the id of the model that it gives: a hash of dataset, labels and hyperparameters.
CREATE TABLE trainings (
  id text PRIMARY KEY,
  dataset_id text NOT NULL,
  labels text NOT NULL CHECK (labels IN ('categories', 'types')),
  hyperparameters jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
  attempt int4 NOT NULL DEFAULT 0,
  -- Takings since the last checkpoint; too many and the training is given up.
  crashes int4 NOT NULL DEFAULT 0,
  lease_until timestamptz,
  step int4 NOT NULL DEFAULT 0,
  steps int4,
  detail text,
  -- Where the newest checkpoint is: {key, step}; null before the first and after the end.
  checkpoint jsonb,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE training_requests (
  idempotency_key text PRIMARY KEY,
  training_id text NOT NULL REFERENCES trainings (id),
  created_at timestamptz NOT NULL
);

-- Means of the losses since the row before.
CREATE TABLE training_losses (
  training_id text NOT NULL REFERENCES trainings (id),
  step int4 NOT NULL,
  objectness float8 NOT NULL,
  rpn_box float8 NOT NULL,
  classification float8 NOT NULL,
  box float8 NOT NULL,
  steps_per_second float8 NOT NULL,
  PRIMARY KEY (training_id, step)
);

ALTER TABLE models
  ADD COLUMN labels text NOT NULL DEFAULT 'categories' CHECK (labels IN ('categories', 'types')),
  -- Type of each category, in their order.
  ADD COLUMN category_types text[] NOT NULL DEFAULT '{}',
  ADD COLUMN hyperparameters jsonb,
  ADD COLUMN steps int4,
  ADD COLUMN train_seconds float8,
  ADD COLUMN parameters int4,
  ADD COLUMN weights_key text,
  ADD COLUMN onnx_key text,
  -- {split, images, ap, ap50, ap75, ap50ByType, categories: [{name, ap, ap50}], detectionsKey}
  ADD COLUMN evaluation jsonb;

-- A run as its events describe it; expected is null until the scraper has closed it.
ALTER TABLE runs
  ADD COLUMN reference jsonb,
  ADD COLUMN expected int4,
  ADD COLUMN updated_at timestamptz;

-- Member photographs of runs with a model: waiting, or settled as done or failed.
CREATE TABLE run_photos (
  run_id text NOT NULL REFERENCES runs (id),
  photo_id text NOT NULL,
  photo jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'done', 'failed')),
  -- Tries that failed, and takings by a worker.
  attempts int4 NOT NULL DEFAULT 0,
  takings int4 NOT NULL DEFAULT 0,
  -- The job that has it, and until when if that job dies.
  taken_by text,
  taken_until timestamptz,
  reason text,
  settled_at timestamptz,
  PRIMARY KEY (run_id, photo_id)
);
CREATE INDEX queued_photos ON run_photos (run_id, photo_id) WHERE state = 'queued';

-- What a model found in a photograph, in any run: the same again. [{box, category, categoryType, score}]
CREATE TABLE detections (
  model_id text NOT NULL,
  photo_id text NOT NULL,
  detections jsonb NOT NULL,
  detected_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, photo_id)
);
CREATE INDEX detections_of_photo ON detections (photo_id, detected_at);
