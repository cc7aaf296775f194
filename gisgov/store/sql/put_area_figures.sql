-- Keep the figures of areas of a draft, so that the next operation measures what it changes and nothing else.
-- Index: area_figure_pkey.
INSERT INTO area_figure (
    plan_id, code, load, polsby_popper, parts, along_streets, blocks, population, households
)
SELECT :plan_id, code, load, polsby_popper, parts, along_streets, blocks, population, households
FROM unnest(
    CAST(:codes AS TEXT[]),
    CAST(:load AS DOUBLE PRECISION[]),
    CAST(:polsby_popper AS DOUBLE PRECISION[]),
    CAST(:parts AS INTEGER[]),
    CAST(:along_streets AS DOUBLE PRECISION[]),
    CAST(:blocks AS INTEGER[]),
    CAST(:population AS INTEGER[]),
    CAST(:households AS INTEGER[])
) AS given (code, load, polsby_popper, parts, along_streets, blocks, population, households)
ON CONFLICT (plan_id, code) DO UPDATE SET
    load = excluded.load,
    polsby_popper = excluded.polsby_popper,
    parts = excluded.parts,
    along_streets = excluded.along_streets,
    blocks = excluded.blocks,
    population = excluded.population,
    households = excluded.households
