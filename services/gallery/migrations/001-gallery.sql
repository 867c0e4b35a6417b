-- A run as its events describe it, and how far its publishing is.
CREATE TABLE runs (
  id text PRIMARY KEY,
  reference jsonb NOT NULL,
  -- Set when all its garments stand in season_garments; null: what stands there is not counted yet.
  garments_read_at timestamptz,
  garments int4,
  -- What gan.ready said; null: it has not come.
  gan_outcome text CHECK (gan_outcome IN ('trained', 'reused', 'skipped')),
  model_id text,
  state text NOT NULL CHECK (state IN ('RUNNING', 'DONE', 'FAILED')),
  -- Designs received and asked for; null: not asked for yet.
  received int4 NOT NULL DEFAULT 0,
  requested int4,
  detail text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Seasons with garments. The version rises with every change of its garments.
CREATE TABLE seasons (
  season text PRIMARY KEY,
  version int4 NOT NULL DEFAULT 0
);

-- The garments that runs brought. Of a photograph that several runs of a season cover, the newest run's stay.
CREATE TABLE season_garments (
  run_id text NOT NULL REFERENCES runs (id),
  garment_id text NOT NULL,
  season text NOT NULL,
  photo_id text NOT NULL,
  -- Empty where it is not known.
  brand text NOT NULL,
  category text NOT NULL,
  category_type text NOT NULL CHECK (category_type IN ('upper', 'lower', 'full', 'other')),
  -- [[lightness, a, b, share], ...] in OKLab.
  palette jsonb NOT NULL,
  PRIMARY KEY (run_id, garment_id)
);
CREATE INDEX season_garments_by_garment ON season_garments (season, garment_id, run_id);
CREATE INDEX season_garments_by_photo ON season_garments (season, photo_id);

CREATE TABLE designs (
  id text PRIMARY KEY,
  model_id text NOT NULL,
  decoder_version text NOT NULL,
  latent jsonb NOT NULL,
  realism float8 NOT NULL,
  -- [{garmentId, distance}], nearest first.
  nearest_garments jsonb NOT NULL,
  image_key text NOT NULL,
  image_sha256 text NOT NULL,
  image_content_type text NOT NULL,
  image_bytes int4 NOT NULL,
  size_px int4 NOT NULL,
  blurhash text,
  dominant_color text,
  created_at timestamptz NOT NULL
);
CREATE INDEX designs_by_image ON designs (image_key);

CREATE TABLE collections (
  id text PRIMARY KEY,
  run_id text NOT NULL REFERENCES runs (id),
  season text NOT NULL,
  brand text,
  model_id text NOT NULL,
  design_count int4 NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX collections_of_run ON collections (run_id);
CREATE INDEX collections_newest ON collections (created_at DESC, id DESC);

CREATE TABLE collection_designs (
  collection_id text NOT NULL REFERENCES collections (id),
  position int4 NOT NULL,
  design_id text NOT NULL REFERENCES designs (id),
  PRIMARY KEY (collection_id, position)
);

-- Objects of candidates that were not chosen, until they are deleted.
CREATE TABLE unused_objects (
  object_key text PRIMARY KEY,
  run_id text NOT NULL REFERENCES runs (id)
);

CREATE TABLE trend_batches (
  id text PRIMARY KEY,
  run_id text NOT NULL REFERENCES runs (id),
  season text NOT NULL,
  -- Later seasons have higher ranks.
  season_rank int4 NOT NULL,
  -- Empty: all brands together.
  brand text NOT NULL,
  revision int4 NOT NULL,
  supersedes text REFERENCES trend_batches (id),
  is_current boolean NOT NULL,
  -- False while the run may still add its collection as a further revision.
  is_final boolean NOT NULL,
  photo_count int4 NOT NULL,
  garment_count int4 NOT NULL,
  previous_season text,
  momentum_reason text,
  categories jsonb NOT NULL,
  palette jsonb NOT NULL,
  collection_id text REFERENCES collections (id),
  published_at timestamptz NOT NULL,
  UNIQUE (season, brand, revision)
);
CREATE UNIQUE INDEX trend_batches_current ON trend_batches (season, brand) WHERE is_current;
CREATE INDEX trend_batches_of_run ON trend_batches (run_id, brand, revision);
