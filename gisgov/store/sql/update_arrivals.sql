-- Which rows say something new of a $subject that is known? It takes that over.
-- Geometry is compared byte by byte. Index: ${subject}_source_external_id_key.
WITH news AS (
    SELECT
        known.id,
        (ST_AsEWKB(known.geom) IS DISTINCT FROM ST_AsEWKB(incoming.geom)) OR $redated AS has_moved,
        incoming.source,
        incoming.external_id
    FROM incoming_$subject AS incoming
    JOIN $subject AS known USING (source, external_id)
    WHERE ST_AsEWKB(known.geom) IS DISTINCT FROM ST_AsEWKB(incoming.geom)
        OR ($known) IS DISTINCT FROM ($incoming)
)
UPDATE $subject AS stored
SET geom = incoming.geom, $assignments
FROM news
JOIN incoming_$subject AS incoming USING (source, external_id)
WHERE stored.id = news.id
RETURNING stored.id, news.has_moved
