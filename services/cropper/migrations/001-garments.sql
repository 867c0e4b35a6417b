-- A run as its events describe it, and how far its cropping is. Closed (ready_at) it takes no further photograph.
CREATE TABLE runs (
  id text PRIMARY KEY,
  reference jsonb NOT NULL,
  expected int4,
  done int4 NOT NULL DEFAULT 0,
  failed int4 NOT NULL DEFAULT 0,
  garments int4 NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  ready_at timestamptz
);

-- Member photographs that were seen: settled as done or failed, or (outcome null) tried in vain so far.
CREATE TABLE run_photos (
  run_id text NOT NULL REFERENCES runs (id),
  photo_id text NOT NULL,
  outcome text CHECK (outcome IN ('done', 'failed')),
  reason text,
  attempts int4 NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, photo_id)
);

-- A garment outlives the runs that meet it; its id is the hash of photograph, detector and box.
CREATE TABLE garments (
  id text PRIMARY KEY,
  photo_id text NOT NULL,
  detector text NOT NULL,
  box int4[] NOT NULL CHECK (array_length(box, 1) = 4),
  category text NOT NULL,
  category_type text NOT NULL CHECK (category_type IN ('upper', 'lower', 'full', 'other')),
  score float8,
  brand text,
  image_key text NOT NULL,
  image_sha256 text NOT NULL,
  image_content_type text NOT NULL,
  image_bytes int4 NOT NULL,
  width_px int4 NOT NULL,
  height_px int4 NOT NULL,
  -- [{lightness, a, b, share}] in OKLab, largest share first.
  palette jsonb NOT NULL,
  dominant_color text,
  blurhash text,
  created_at timestamptz NOT NULL
);
CREATE INDEX garments_of_photo ON garments (photo_id, id);

-- What a run says of a garment: its sources may name another category or brand than an earlier run's did.
CREATE TABLE run_garments (
  run_id text NOT NULL REFERENCES runs (id),
  garment_id text NOT NULL REFERENCES garments (id),
  category text NOT NULL,
  category_type text NOT NULL CHECK (category_type IN ('upper', 'lower', 'full', 'other')),
  brand text,
  PRIMARY KEY (run_id, garment_id)
);
