-- Where is each $subject that was not given to an area of some plans, with its $words? Their area is found from that:
-- the rights of whoever asks keep the index of areas from being used here. Indexes: ${subject}_area_pkey.
SELECT ST_X(place.geom) AS x, ST_Y(place.geom) AS y, $columns
FROM $subject AS one
CROSS JOIN LATERAL (SELECT ST_PointOnSurface(one.geom) AS geom) AS place
LEFT JOIN ${subject}_area AS given ON given.${subject}_id = one.id AND given.layer_id = :layer_id
WHERE (given.area_code IS NULL OR given.plan_id <> ALL(:plan_ids))
    AND $during
