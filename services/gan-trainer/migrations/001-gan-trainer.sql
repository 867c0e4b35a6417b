-- One training per run. `attempt` is the fence: each worker that takes the training raises it, and every later write of
-- an earlier worker finds no row. `lease_until` keeps a second worker waiting while the first one lives.
create table trainings (
  run_id text primary key,
  run jsonb not null,
  season text not null,
  state text not null check (state in ('queued', 'running', 'done', 'skipped', 'failed')),
  manifest_hash text,
  -- Pinned when the training is planned, as the model's identity follows from them; null where nothing is trained.
  hyperparameters jsonb,
  garments integer not null,
  attempt integer not null default 0,
  -- Takings since the last checkpoint; too many and the training is given up.
  crashes integer not null default 0,
  lease_until timestamptz,
  step integer not null default 0,
  steps integer,
  detail text,
  -- Where the newest checkpoint is, and the best: {key, step, best: {key, step}}; null before the first.
  checkpoint jsonb,
  model_id text,
  outcome text check (outcome in ('trained', 'reused', 'skipped')),
  reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- The garments that a training was given, pinned when it was planned.
create table training_garments (
  run_id text not null references trainings (run_id) on delete cascade,
  garment_id text not null,
  image_key text not null,
  primary key (run_id, garment_id)
);

create table training_metrics (
  run_id text not null references trainings (run_id) on delete cascade,
  step integer not null,
  discriminator_loss double precision,
  generator_loss double precision,
  kid double precision,
  steps_per_second double precision,
  primary key (run_id, step)
);

create table training_samples (
  run_id text not null references trainings (run_id) on delete cascade,
  step integer not null,
  image_key text not null,
  width_px integer not null,
  height_px integer not null,
  primary key (run_id, step)
);

-- The id is a hash of manifest and hyperparameters, so the same work is found again.
create table models (
  id text primary key,
  run_id text not null,
  season text not null,
  size_px integer not null,
  latent_size integer not null,
  parameters integer not null,
  steps integer not null,
  best_step integer not null,
  first_kid double precision,
  best_kid double precision,
  feature_space text not null,
  manifest_hash text not null,
  hyperparameters jsonb not null,
  weights_key text not null,
  onnx_key text not null,
  created_at timestamptz not null
);

-- The manifest of a model. Garments held out from training measure it and are marked.
create table model_garments (
  model_id text not null references models (id) on delete cascade,
  garment_id text not null,
  held_out boolean not null,
  primary key (model_id, garment_id)
);

create table generate_requests (
  request_key text primary key,
  model_id text not null references models (id),
  count integer not null,
  seed text not null,
  state text not null check (state in ('queued', 'done', 'failed')),
  reason text,
  created_at timestamptz not null
);

create table generated_designs (
  request_key text not null references generate_requests (request_key) on delete cascade,
  position integer not null,
  latent jsonb not null,
  image jsonb not null,
  realism double precision not null,
  nearest jsonb not null,
  primary key (request_key, position)
);
