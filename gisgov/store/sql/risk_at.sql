-- Which class had each building at the end of a day, by the rating that was then its last one? Buildings that were not
-- rated by then have no row.
-- Index: risk_rating_pkey, walked once by building and moment.
SELECT DISTINCT ON (risk_rating.building_id)
    risk_rating.building_id,
    risk_rating.risk_class,
    risk_rating.risk_points,
    risk_rating.risk_reasons,
    risk_rating.rules_version,
    risk_rating.rated_at AT TIME ZONE :timezone AS rated_at
FROM risk_rating
WHERE risk_rating.rated_at < CAST(CAST(:day AS DATE) + 1 AS TIMESTAMP) AT TIME ZONE :timezone
ORDER BY risk_rating.building_id, risk_rating.rated_at DESC
