-- Everyone who checks whether a migration is needed reads the table of versions. A foreign view, policy or type would
-- run its owner's code as the reader.
select 'not_allowed' as code,
	format('%s %s belongs to %s, and is not the table of versions that berth makes',
		i.type, i.identity, o.rolname) as message,
	'let the owner of the schema look at it and drop it' as hint
from pg_namespace n
join pg_class c on c.relnamespace = n.oid and c.relname = 'schema_version'
join pg_roles o on o.oid = c.relowner
cross join lateral pg_identify_object('pg_class'::regclass, c.oid, 0) i
where n.nspname = 'berth' and not (
	c.relkind = 'r' and (o.oid = n.nspowner or o.rolsuper or o.rolname = current_user)
	and exists (select from pg_attribute a
		where a.attrelid = c.oid and a.attname = 'version' and a.atttypid = 'int4'::regtype));
