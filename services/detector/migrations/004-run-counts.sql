-- How far a run is, without reading its photographs. A trigger counts, so that whoever settles a photograph is counted,
-- also a process of the version before during an upgrade.
ALTER TABLE runs
  ADD COLUMN done int4 NOT NULL DEFAULT 0,
  ADD COLUMN failed int4 NOT NULL DEFAULT 0,
  -- Garments found so far.
  ADD COLUMN detections int4 NOT NULL DEFAULT 0;

UPDATE runs SET
  done = counted.done,
  failed = counted.failed,
  detections = counted.detections,
  updated_at = greatest(runs.updated_at, counted.settled_at)
FROM (
  SELECT run_photos.run_id,
    count(*) FILTER (WHERE state = 'done') AS done,
    count(*) FILTER (WHERE state = 'failed') AS failed,
    coalesce(sum(jsonb_array_length(found.detections)) FILTER (WHERE state = 'done'), 0) AS detections,
    max(settled_at) AS settled_at
  FROM run_photos
  JOIN runs ON runs.id = run_photos.run_id
  LEFT JOIN detections AS found ON found.model_id = runs.detector AND found.photo_id = run_photos.photo_id
  GROUP BY run_photos.run_id
) AS counted
WHERE counted.run_id = runs.id;

CREATE FUNCTION count_settled_photos() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE runs SET
    done = runs.done + change.done,
    failed = runs.failed + change.failed,
    detections = runs.detections + change.detections,
    updated_at = greatest(runs.updated_at, change.settled_at)
  FROM (
    SELECT now.run_id,
      sum((now.state = 'done')::int4 - (before.state = 'done')::int4) AS done,
      sum((now.state = 'failed')::int4 - (before.state = 'failed')::int4) AS failed,
      sum(((now.state = 'done')::int4 - (before.state = 'done')::int4)
        * coalesce(jsonb_array_length(found.detections), 0)) AS detections,
      max(now.settled_at) AS settled_at
    FROM photos_now AS now
    JOIN photos_before AS before USING (run_id, photo_id)
    JOIN runs AS pinned ON pinned.id = now.run_id
    LEFT JOIN detections AS found ON found.model_id = pinned.detector AND found.photo_id = now.photo_id
    WHERE now.state <> before.state
    GROUP BY now.run_id
  ) AS change
  WHERE change.run_id = runs.id;
  RETURN NULL;
END
$$;

CREATE TRIGGER count_settled_photos AFTER UPDATE ON run_photos
  REFERENCING OLD TABLE AS photos_before NEW TABLE AS photos_now
  FOR EACH STATEMENT EXECUTE FUNCTION count_settled_photos();

-- What a job has taken, to give it back.
CREATE INDEX taken_photos ON run_photos (run_id, taken_by) WHERE taken_by IS NOT NULL;
