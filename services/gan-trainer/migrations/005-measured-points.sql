-- Points of a curve that are shown in any case.
create index training_metrics_measured on training_metrics (run_id, step) where kid is not null;
