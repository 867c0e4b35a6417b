-- How a dataset was read, and where its annotations are. No dataset could be imported before, so the table is empty.
ALTER TABLE datasets
  ADD COLUMN source text NOT NULL CHECK (source IN ('deepfashion', 'coco')),
  ADD COLUMN box_convention text NOT NULL CHECK (box_convention IN ('exclusive', 'inclusive')),
  ADD COLUMN train_images int4 NOT NULL,
  ADD COLUMN val_images int4 NOT NULL,
  ADD COLUMN test_images int4 NOT NULL,
  ADD COLUMN unsplit_images int4 NOT NULL,
  -- Images whose bytes are stored too.
  ADD COLUMN stored_images int4 NOT NULL,
  -- {"key", "sha256", "contentType", "bytes"} of the stored annotations.
  ADD COLUMN annotations_object jsonb NOT NULL;

-- Imports, which may take long.
CREATE TABLE imports (
  id uuid PRIMARY KEY,
  idempotency_key text NOT NULL UNIQUE,
  name text NOT NULL,
  folder text NOT NULL,
  -- How the folder is read.
  options jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'FAILED')),
  done int4 NOT NULL DEFAULT 0,
  expected int4,
  -- What is happening, or why it failed, for people.
  detail text,
  dataset_id text REFERENCES datasets (id),
  -- [{"code", "effect", "meaning", "count", "examples"}]
  irregularities jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CHECK ((state = 'DONE') = (dataset_id IS NOT NULL))
);
