-- Which of these buildings are rated otherwise than last, or for other facts? They get a row of their history, and
-- show it; the others keep the time of their rating. A building's last rating is the row of its `rated_at`. The first
-- and last id spare a look through all buildings where they are near each other.
-- Indexes: building_pkey, risk_rating_pkey.
WITH reason AS MATERIALIZED (
    SELECT given.place, CAST(given.texts AS TEXT[]) AS texts
    FROM unnest(CAST(:reasons AS TEXT[])) WITH ORDINALITY AS given (texts, place)
),
rated AS MATERIALIZED (
    SELECT
        fresh.id,
        fresh.risk_class,
        fresh.points,
        reason.texts AS reasons,
        fresh.answers,
        GREATEST(CAST(:at AS TIMESTAMPTZ), building.rated_at + interval '1 microsecond') AS rated_at
    FROM (
        SELECT given.id, given.risk_class, given.points, given.reason_place, CAST(given.texts AS TEXT[]) AS answers
        FROM unnest(
            CAST(:ids AS BIGINT[]),
            CAST(:classes AS TEXT[]),
            CAST(:points AS INTEGER[]),
            CAST(:reason_places AS INTEGER[]),
            CAST(:answers AS TEXT[])
        ) AS given (id, risk_class, points, reason_place, texts)
        OFFSET 0 -- read once, not with each comparison
    ) AS fresh
    JOIN reason ON reason.place = fresh.reason_place
    JOIN building ON building.id = fresh.id AND building.id >= :first AND building.id <= :last
    LEFT JOIN risk_rating AS last
        ON last.building_id = building.id
        AND last.rated_at = building.rated_at
        AND last.building_id >= :first
        AND last.building_id <= :last
    WHERE last.building_id IS NULL
        OR (last.risk_class, last.risk_points, last.rules_version)
        <> (fresh.risk_class, fresh.points, CAST(:version AS TEXT))
        OR last.risk_reasons <> reason.texts
        OR last.answers <> fresh.answers
),
written AS (
    UPDATE building
    SET
        risk_class = rated.risk_class,
        risk_points = rated.points,
        risk_reasons = rated.reasons,
        risk_rules_version = :version,
        rated_at = rated.rated_at
    FROM rated
    WHERE building.id = rated.id AND building.id >= :first AND building.id <= :last
    RETURNING building.id, rated.rated_at, rated.risk_class, rated.points, rated.reasons, rated.answers
),
kept AS (
    -- of buildings that were still there: whoever removes one meanwhile is waited for
    INSERT INTO risk_rating (building_id, rated_at, risk_class, risk_points, risk_reasons, rules_version, answers)
    SELECT written.id, written.rated_at, written.risk_class, written.points, written.reasons, :version, written.answers
    FROM written
)
SELECT count(*) AS written FROM written
