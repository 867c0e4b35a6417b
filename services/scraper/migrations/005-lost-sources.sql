-- Of the rejected: those that a fault of their host took, so that another try may give their photographs.
ALTER TABLE runs ADD COLUMN lost int4 NOT NULL DEFAULT 0;
