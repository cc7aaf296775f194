-- Forget on whose desk events lay and who was above. What lies near a border as well stays a neighbour.
-- Index: event_told_pkey.
WITH neighbours AS (
    UPDATE event_told SET why = 'neighbour'
    WHERE event_id = ANY (CAST(:ids AS BIGINT[])) AND why <> 'neighbour' AND distance_m IS NOT NULL
)
DELETE FROM event_told
WHERE event_id = ANY (CAST(:ids AS BIGINT[])) AND why <> 'neighbour' AND distance_m IS NULL
