-- The lists of the graph, in their orders, so that a page costs what the page has.
CREATE INDEX trend_batches_newest ON trend_batches (season_rank DESC, brand COLLATE "C") WHERE is_current;
CREATE INDEX trend_batches_newest_of_brand ON trend_batches (brand, season_rank DESC) WHERE is_current;
CREATE INDEX collections_newest_of_season ON collections (season, created_at DESC, id DESC);
-- Runs that were published as incomplete; there are few.
CREATE INDEX runs_released ON runs (released_at DESC) WHERE incomplete IS NOT NULL AND released_at IS NOT NULL;
