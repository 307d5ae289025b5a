-- name: described(what text, target id, pool text) :one document
-- The labels or annotations of a target, or of a pool by its name.
select berth.ordered_json(berth.metadata($1,
	coalesce($2, (select id from berth.pool where name = $3 and destroyed is null)))) as document;

-- name: annotations(target id, org text, most int, chars int) :many annotation
-- The first annotations of a target, or of an organization by its name, each up to so many characters.
select berth.key_text(prefix, name) as key, left(value, $4::int) as value, char_length(value) > $4 as cut
from berth.annotation
where target = coalesce($1, (select id from berth.organization where name = $2))
order by prefix, name limit $3;

-- name: describe(id id, what text, target json, set json, gone json, detail json) :one document
select berth.edit_metadata($1, $2, $3, $4, $5, $6) as document;

-- name: label_keys(filter json, edge text, with_edge bool, backwards bool, limit int, counted int,
--     counted_values int, patience positive) :many label_group
select * from berth.label_key_window($1, $2, $3, $4, $5, $6, $7, $8);

-- name: label_values(key text, filter json, edge text, with_edge bool, backwards bool, limit int, counted int,
--     patience positive) :many label_group
select * from berth.label_value_window($1, $2, $3, $4, $5, $6, $7, $8);

-- name: label_search(backwards bool) :one label_search
-- After windows of keys or values in the same batch: how far their search has come.
select * from berth.label_search($1);

-- name: label_targets(key text, value text, filter json, newer bool, edge positive, limit int,
--     patience positive) :many label_target
select * from berth.label_target_window($1, $2, $3, $4, $5, $6, $7);

-- name: label_target_search(key text, value text, newer bool) :one search
-- After a window of targets in the same batch: how far its search has come.
select * from berth.label_target_search($1, $2, $3);

-- name: alike_texts(most int) :many alike_text
select * from berth.lookalike_texts($1);

-- name: alike_cut(most int) :one document
-- The places of which only a part was searched.
select coalesce(jsonb_agg(distinct place), '[]') as document from berth.lookalike_texts($1) where cut;
