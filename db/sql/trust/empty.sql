-- Returns an object other than the table of versions in the schema before the first migration. All migrations of one
-- run are one transaction, so berth leaves nothing half made; any other object belongs to another program.
select 'precondition_failed' as code,
	format('%s %s is in the way: schema berth is not empty, and berth has not made what is in it',
		i.type, i.identity) as message,
	'drop or rename that schema' as hint
from pg_namespace n
join pg_depend d on d.refclassid = 'pg_namespace'::regclass and d.refobjid = n.oid and d.deptype = 'n'
cross join lateral pg_identify_object(d.classid, d.objid, d.objsubid) i
where n.nspname = 'berth' and i.identity <> 'berth.schema_version'
order by d.classid <> 'pg_class'::regclass, d.classid, d.objid limit 1;
