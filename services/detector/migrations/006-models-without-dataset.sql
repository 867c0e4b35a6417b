-- A model that was not trained here has no dataset: the one by the joints of people.
ALTER TABLE models ALTER COLUMN dataset_id DROP NOT NULL;
