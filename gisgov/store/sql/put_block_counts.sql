-- Write what was counted on blocks, and from what; those that have it already stay untouched.
-- Index: block_pkey.
WITH given AS (
    SELECT *
    FROM unnest(
        CAST(:ids AS BIGINT[]),
        CAST(:population AS INTEGER[]),
        CAST(:households AS INTEGER[])
    ) AS given (id, population, households)
),
written AS (
    UPDATE block AS stored SET
        population = given.population,
        households = given.households,
        attributes = stored.attributes || jsonb_build_object('population_source', CAST(:source AS TEXT))
    FROM given
    WHERE
        stored.id = given.id
        AND (stored.population, stored.households, stored.attributes ->> 'population_source')
        IS DISTINCT FROM (given.population, given.households, CAST(:source AS TEXT))
    RETURNING stored.id
)
SELECT count(*) FROM written
