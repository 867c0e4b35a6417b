-- Which stored images no record names any more is asked by their keys.
create index training_samples_by_image on training_samples using hash (image_key);
create index generated_designs_by_image on generated_designs using hash ((image ->> 'key'));
