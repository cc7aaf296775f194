-- The hazards that were found in a period, as numbers packed as PostgreSQL sends them: the area of some plans that owns
-- the building of each (its place among the codes; -1: none does, and a place on the building follows; -2: it has
-- no place), its kind (its place among the kinds), its state and whether it is overdue or was rectified in time, and
-- after how many days it was rectified (-1: it is not).
-- Index: building_area_pkey; of a long period all hazards are read through once.
WITH told AS (
    SELECT
        COALESCE(one.number - 1, CASE WHEN building.geom IS NULL THEN -2 ELSE -1 END) AS area,
        array_position(CAST(:kinds AS TEXT[]), hazard.kind) - 1 AS kind,
        CASE hazard.state WHEN 'found' THEN 0 WHEN 'rectified' THEN 1 ELSE 2 END
            + CASE WHEN hazard.state = 'found' AND hazard.due_on < CAST(:today AS DATE) THEN 4 ELSE 0 END
            + CASE WHEN hazard.due_on IS NOT NULL AND hazard.rectified_on IS NOT NULL THEN 8 ELSE 0 END
            + CASE WHEN hazard.rectified_on <= hazard.due_on THEN 16 ELSE 0 END AS flags,
        COALESCE(hazard.rectified_on - hazard.found_on, -1) AS days,
        building.geom
    FROM hazard
    JOIN building ON building.id = hazard.building_id
    LEFT JOIN building_area AS given ON given.building_id = hazard.building_id
        AND given.layer_id = :layer_id AND given.plan_id = ANY (CAST(:plan_ids AS INTEGER[]))
    LEFT JOIN unnest(CAST(:codes AS TEXT[])) WITH ORDINALITY AS one (code, number) ON one.code = given.area_code
    WHERE (CAST(:since AS DATE) IS NULL OR hazard.found_on >= CAST(:since AS DATE))
        AND (CAST(:until AS DATE) IS NULL OR hazard.found_on <= CAST(:until AS DATE))
)
SELECT
    string_agg(int4send(CAST(told.area AS INTEGER)), '') AS areas,
    string_agg(int4send(told.kind), '') AS kinds,
    string_agg(int4send(told.flags), '') AS flags,
    string_agg(int4send(told.days), '') AS days,
    string_agg(float8send(ST_X(place.geom)), '') FILTER (WHERE told.area = -1) AS x,
    string_agg(float8send(ST_Y(place.geom)), '') FILTER (WHERE told.area = -1) AS y
FROM told
LEFT JOIN LATERAL (SELECT ST_PointOnSurface(told.geom) AS geom WHERE told.area = -1) AS place ON true
