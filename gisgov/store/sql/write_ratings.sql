-- Which of these buildings are rated otherwise than before? Those that are not keep the time of their rating.
-- Index: building_pkey.
WITH rated AS (
    SELECT
        fresh.id,
        fresh.risk_class,
        fresh.points,
        ARRAY(SELECT jsonb_array_elements_text(CAST(fresh.reasons AS JSONB))) AS reasons
    FROM unnest(
        CAST(:ids AS BIGINT[]), CAST(:classes AS TEXT[]), CAST(:points AS INTEGER[]), CAST(:reasons AS TEXT[])
    ) AS fresh (id, risk_class, points, reasons)
),
written AS (
    UPDATE building
    SET
        risk_class = rated.risk_class,
        risk_points = rated.points,
        risk_reasons = rated.reasons,
        risk_rules_version = :version,
        rated_at = now()
    FROM rated
    WHERE building.id = rated.id
        AND (building.risk_class, building.risk_points, building.risk_reasons, building.risk_rules_version)
        IS DISTINCT FROM (rated.risk_class, rated.points, rated.reasons, CAST(:version AS TEXT))
    RETURNING building.id
)
SELECT count(*) FROM written
