-- Which stored images no garment names any more is asked by their keys.
CREATE INDEX garments_by_image ON garments USING hash (image_key);
