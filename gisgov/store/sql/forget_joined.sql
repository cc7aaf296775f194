-- Forget which areas own these: each $subject was moved, or happened on another day than was thought.
-- Index: ${subject}_area_pkey.
DELETE FROM ${subject}_area WHERE ${subject}_id = ANY (CAST(:ids AS BIGINT[]))
