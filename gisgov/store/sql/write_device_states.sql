-- How are these devices now, as of when? Written for all at once; their rows are locked before.
-- Index: device_pkey.
UPDATE device
SET state = told.state, state_at = told.state_at
FROM unnest(CAST(:ids AS TEXT[]), CAST(:states AS TEXT[]), CAST(:moments AS TIMESTAMPTZ[]))
    AS told (id, state, state_at)
WHERE device.id = told.id
