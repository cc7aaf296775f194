-- All buildings there are. Index: building_pkey.
SELECT array_agg(building.id ORDER BY building.id) AS ids FROM building
