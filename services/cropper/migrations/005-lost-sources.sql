-- Sources of the run that a fault of their host took before they gave a photograph.
ALTER TABLE runs ADD COLUMN lost int4 NOT NULL DEFAULT 0;
