-- name: storage_list() :many storage
select c.relname::text as name, sum(greatest(k.reltuples, 0))::bigint as rows,
	sum(pg_total_relation_size(t.relid))::bigint as bytes
from pg_class c join pg_namespace n on n.oid = c.relnamespace
cross join lateral (
	select p.relid::oid as relid from pg_partition_tree(c.oid) p where p.isleaf
	union select c.oid where c.relkind = 'r') t
join pg_class k on k.oid = t.relid
where n.nspname = 'berth' and c.relkind in ('r', 'p') and not c.relispartition
group by c.oid, c.relname order by c.relname;
