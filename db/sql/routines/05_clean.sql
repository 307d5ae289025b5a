-- Drops all views and functions of an earlier version, so that none of them is left beside its successor. Functions
-- that an index, a constraint or a default uses belong to the schema and stay.
do $$
declare
	name text;
begin
	-- Names are read before anything is dropped: an object that went with another one has no name any more.
	foreach name in array array(
		select c.oid::regclass::text from pg_catalog.pg_class c
		where c.relnamespace = 'berth'::regnamespace and c.relkind = 'v')
	loop
		execute format('drop view if exists %s cascade', name);
	end loop;
	foreach name in array array(
		select p.oid::regprocedure::text from pg_catalog.pg_proc p
		where p.pronamespace = 'berth'::regnamespace and not exists (
			select from pg_catalog.pg_depend d
			where d.refclassid = 'pg_catalog.pg_proc'::regclass and d.refobjid = p.oid
				and d.classid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_constraint'::regclass,
					'pg_catalog.pg_attrdef'::regclass)))
	loop
		execute format('drop function if exists %s cascade', name);
	end loop;
end $$;
