-- name: described(what text, target id, pool text) :one document
-- Labels or annotations, of a pool by its name.
select berth.in_order(berth.described($1, coalesce($2, (select id from berth.pool where name = $3 and destroyed is null)))) as document;

-- name: describe(id id, what text, target json, set json, gone json, detail json) :one document
select berth.describe($1, $2, $3, $4, $5, $6) as document;
