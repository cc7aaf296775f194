-- Who serves these areas on a day, or stands in for whom? Posts in the order they were recorded.
-- Index: staff_post_layer_id_area_code_idx.
SELECT
    staff_post.id,
    staff_post.layer_id,
    staff_post.area_code,
    staff_post.role,
    staff_post.holder,
    staff_post.deputy_for
FROM unnest(CAST(:layer_ids AS INTEGER[]), CAST(:codes AS TEXT[])) AS asked (layer_id, code)
JOIN staff_post ON staff_post.layer_id = asked.layer_id AND staff_post.area_code = asked.code
WHERE daterange(staff_post.valid_from, staff_post.valid_to) @> CAST(:day AS DATE)
ORDER BY staff_post.id
