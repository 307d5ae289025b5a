-- name: storage_list() :many storage
select c.relname::text as name, greatest(c.reltuples, 0)::bigint as rows, pg_total_relation_size(c.oid) as bytes
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'berth' and c.relkind = 'r' order by c.relname;
