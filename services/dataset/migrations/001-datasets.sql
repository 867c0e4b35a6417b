-- Immutable sets of annotated photographs; the id is the hash of the content.
CREATE TABLE datasets (
  id text PRIMARY KEY,
  name text NOT NULL,
  images int4 NOT NULL CHECK (images >= 0),
  annotations int4 NOT NULL CHECK (annotations >= 0),
  created_at timestamptz NOT NULL
);
CREATE INDEX datasets_newest_first ON datasets (created_at DESC, id DESC);

-- The categories that a dataset owns, numbered from 1.
CREATE TABLE categories (
  dataset_id text NOT NULL REFERENCES datasets (id),
  number int4 NOT NULL CHECK (number >= 1),
  name text NOT NULL,
  type text NOT NULL CHECK (type IN ('upper', 'lower', 'full', 'other')),
  PRIMARY KEY (dataset_id, number),
  UNIQUE (dataset_id, name)
);
