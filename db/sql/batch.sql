-- name: batch_begin(id id, digest text, places text) :one present
-- The first step of a batch of commands.
select berth.batch_begin($1, $2, $3) as present;
