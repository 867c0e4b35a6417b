-- Time spent counts, not the number of workers that were killed: a spot node dies often and does no harm.
alter table trainings drop column crashes;
alter table trainings add column unsaved_seconds integer not null default 0;
