-- How many buildings does each version of the rules rate, now or by the last rating before a moment? An empty version
-- counts those that were never rated until then. Index: risk_rating_pkey.
SELECT rated.version, count(*) AS buildings
FROM (
    SELECT
        COALESCE(
            CASE
                WHEN CAST(:rated_before AS TIMESTAMPTZ) IS NULL THEN building.risk_rules_version
                ELSE (
                    SELECT risk_rating.rules_version
                    FROM risk_rating
                    WHERE risk_rating.building_id = building.id AND risk_rating.rated_at < :rated_before
                    ORDER BY risk_rating.rated_at DESC
                    LIMIT 1
                )
            END,
            ''
        ) AS version
    FROM building
) AS rated
GROUP BY rated.version
ORDER BY rated.version
