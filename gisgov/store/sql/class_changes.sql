-- Which buildings have another class at the end of a period than at its beginning? The last rating before each of two
-- moments counts; a building without one was unclassified. One row for each: its id, both classes and points, and since
-- when the later rating holds. Who was not rated in between cannot have changed, so only these are looked at.
-- Index: risk_rating_pkey, twice for each building that was rated between the moments.
WITH rated AS (
    SELECT DISTINCT risk_rating.building_id
    FROM risk_rating
    WHERE risk_rating.rated_at >= :first AND risk_rating.rated_at < :last
)
SELECT
    rated.building_id AS id,
    COALESCE(former.risk_class, 'unclassified') AS former_class,
    former.risk_points AS former_points,
    latter.risk_class,
    latter.risk_points,
    latter.risk_reasons,
    latter.rules_version,
    latter.rated_at
FROM rated
LEFT JOIN LATERAL (
    SELECT risk_rating.risk_class, risk_rating.risk_points
    FROM risk_rating
    WHERE risk_rating.building_id = rated.building_id AND risk_rating.rated_at < :first
    ORDER BY risk_rating.rated_at DESC
    LIMIT 1
) AS former ON true
CROSS JOIN LATERAL (
    SELECT
        risk_rating.risk_class,
        risk_rating.risk_points,
        risk_rating.risk_reasons,
        risk_rating.rules_version,
        risk_rating.rated_at
    FROM risk_rating
    WHERE risk_rating.building_id = rated.building_id AND risk_rating.rated_at < :last
    ORDER BY risk_rating.rated_at DESC
    LIMIT 1
) AS latter
WHERE COALESCE(former.risk_class, 'unclassified') <> latter.risk_class
ORDER BY rated.building_id
