-- Which buildings changed since a version, but for those that the same transaction rated? A rating is such a change
-- itself, and needs none. Any: a statement changed so many that it does not tell which.
-- Indexes: change_version_idx, risk_rating_pkey.
SELECT
    array_agg(DISTINCT told.id) FILTER (WHERE told.id IS NOT NULL) AS ids,
    COALESCE(bool_or(told.is_any), false) AS is_any
FROM (
    SELECT one.id, change.row_ids IS NULL AS is_any
    FROM change
    LEFT JOIN LATERAL unnest(change.row_ids) AS one (id) ON true
    WHERE change.subject = 'building' AND change.version > :seen AND change.version <= :now
        AND NOT EXISTS (
            SELECT FROM risk_rating AS rating WHERE rating.building_id = one.id AND rating.xmin = change.xmin
        )
) AS told
