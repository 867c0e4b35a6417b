-- Photographs that were begun and have no outcome yet. What is left here after the process was killed may have killed it.
create table begun_sources (
  run_id uuid not null references runs (id),
  source_key text not null,
  -- How often it was begun without coming to an end.
  times integer not null default 1,
  primary key (run_id, source_key)
);
