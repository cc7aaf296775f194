-- Forget which areas of one layer own these events: they are to be asked again.
-- Index: event_area_pkey.
DELETE FROM event_area WHERE event_id = ANY (CAST(:ids AS BIGINT[])) AND layer_id = :layer_id
