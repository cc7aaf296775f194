-- How many of each $subject were given to each area of some plans, by $words?
-- Index: ${subject}_area_plan_id_area_code_idx.
SELECT given.area_code AS code, $columns, count(*) AS count
FROM ${subject}_area AS given
JOIN $subject AS one ON one.id = given.${subject}_id
WHERE given.layer_id = :layer_id
    AND given.plan_id = ANY(:plan_ids)
    AND given.area_code IS NOT NULL
    AND $during
GROUP BY given.area_code, $words
