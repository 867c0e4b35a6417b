-- A pass of the pipeline. The counts move in the transaction that records what they count.
create table runs (
  id uuid primary key,
  idempotency_key text not null unique,
  season text not null,
  brand text,
  detector text not null,
  gan_steps integer,
  gan_skip boolean not null,
  -- [{"kind": "folder" | "url" | "manifest", "location": text}]
  sources jsonb not null,
  state text not null check (state in ('RUNNING', 'DONE', 'FAILED')),
  -- What is happening, or why it failed, for people.
  detail text,
  -- Sources to be taken, where all of them can be counted beforehand.
  expected integer,
  stored integer not null default 0,
  duplicates integer not null default 0,
  rejected integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index runs_newest on runs (created_at desc, id desc);

-- A photograph, whatever runs it is a member of. The id is the SHA-256 of its bytes.
create table photos (
  id text primary key,
  object_key text not null,
  content_type text not null,
  bytes integer not null,
  width_px integer not null,
  height_px integer not null,
  dominant_color text not null,
  -- What the first source that knew it said.
  brand text,
  category text,
  source text not null,
  title text,
  author text,
  license text,
  created_at timestamptz not null
);

create table run_photos (
  run_id uuid not null references runs (id),
  photo_id text not null references photos (id),
  primary key (run_id, photo_id)
);

-- What became of each source of a run: where a second attempt goes on, and the provenance of every photograph.
create table run_sources (
  run_id uuid not null references runs (id),
  -- SHA-256 of the path or address of the bytes, so that its length is bounded.
  source_key text not null,
  position bigint generated always as identity,
  name text not null,
  outcome text not null check (outcome in ('stored', 'duplicate', 'rejected')),
  photo_id text references photos (id),
  code text,
  reason text,
  primary key (run_id, source_key),
  check ((outcome = 'rejected') = (photo_id is null)),
  check ((outcome = 'rejected') = (code is not null))
);
create index run_sources_rejected on run_sources (run_id, position) where outcome = 'rejected';
create index run_sources_photo on run_sources (photo_id);
