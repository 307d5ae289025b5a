-- name: batch_begin(id id, digest text, places text) :one nothing
-- The first step of a batch of commands.
select from (select berth.batch_begin($1, $2, $3)) begun;
