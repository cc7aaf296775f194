-- Which rows without a code are the very ground of an area that the plan has? They take its code.
-- Two areas of one plan may lie on the same ground: the smallest code is taken, as everywhere.
UPDATE incoming_area AS incoming
SET code = twin.code
FROM (
    SELECT waiting.row, min(known.code) AS code
    FROM incoming_area AS waiting
    JOIN area AS known ON known.plan_id = :plan_id AND known.geom ~= waiting.geom
    WHERE waiting.code IS NULL AND ST_AsEWKB(known.geom) = ST_AsEWKB(waiting.geom)
    GROUP BY waiting.row
) AS twin
WHERE twin.row = incoming.row
