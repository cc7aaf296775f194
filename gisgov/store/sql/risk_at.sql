-- Which class had each building at the end of a day, by the rating that was then its last one? Buildings that were not
-- rated by then have no row.
-- Index: risk_rating_pkey, entered once for each building, however often it was rated.
SELECT
    building.id AS building_id,
    rating.risk_class,
    rating.risk_points,
    rating.risk_reasons,
    rating.rules_version,
    rating.rated_at AT TIME ZONE :timezone AS rated_at
FROM building
CROSS JOIN LATERAL (
    SELECT
        risk_rating.risk_class,
        risk_rating.risk_points,
        risk_rating.risk_reasons,
        risk_rating.rules_version,
        risk_rating.rated_at
    FROM risk_rating
    WHERE risk_rating.building_id = building.id
        AND risk_rating.rated_at < CAST(CAST(:day AS DATE) + 1 AS TIMESTAMP) AT TIME ZONE :timezone
    ORDER BY risk_rating.rated_at DESC
    LIMIT 1
) AS rating
ORDER BY building.id
