-- Why the scraper closed the run before all its sources were taken; null: it did not.
ALTER TABLE runs ADD COLUMN incomplete text;
