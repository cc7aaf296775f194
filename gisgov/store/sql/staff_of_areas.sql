-- Who serves these areas? Posts in the order they were recorded.
-- Index: staff_post_layer_id_area_code_role_holder_key.
SELECT staff_post.layer_id, staff_post.area_code, staff_post.role, staff_post.holder
FROM unnest(CAST(:layer_ids AS INTEGER[]), CAST(:codes AS TEXT[])) AS asked (layer_id, code)
JOIN staff_post ON staff_post.layer_id = asked.layer_id AND staff_post.area_code = asked.code
ORDER BY staff_post.id
