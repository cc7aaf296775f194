-- What do the rules ask of the next buildings, by id? A column of the table goes before a fact of that name.
-- Index: building_pkey.
SELECT
    building.id,
    building.source,
    building.external_id,
    building.risk_class,
    ARRAY(
        SELECT CASE asked.name
            WHEN 'floors' THEN COALESCE(CAST(building.floors AS TEXT), building.facts ->> asked.name)
            WHEN 'households' THEN COALESCE(CAST(building.households AS TEXT), building.facts ->> asked.name)
            WHEN 'population' THEN COALESCE(CAST(building.population AS TEXT), building.facts ->> asked.name)
            WHEN 'built_year' THEN COALESCE(CAST(building.built_year AS TEXT), building.facts ->> asked.name)
            WHEN 'use' THEN COALESCE(building.use, building.facts ->> asked.name)
            ELSE building.facts ->> asked.name
        END
        FROM unnest(CAST(:names AS TEXT[])) WITH ORDINALITY AS asked (name, place)
        ORDER BY asked.place
    ) AS answers
FROM building
WHERE building.id > :after
ORDER BY building.id
LIMIT :limit
