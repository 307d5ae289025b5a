-- The routines and views are made anew as a whole: whatever an earlier version had is gone
-- first, so that nothing of it is left beside its successor. What an index or a
-- constraint uses belongs to the schema and stays.
do $$
declare
	name text;
begin
	-- All names are read before the first object is gone: one that went along with another has no name any more.
	foreach name in array array(
		select c.oid::regclass::text from pg_catalog.pg_class c where c.relnamespace = 'berth'::regnamespace and c.relkind = 'v')
	loop
		execute format('drop view if exists %s cascade', name);
	end loop;
	foreach name in array array(
		select p.oid::regprocedure::text from pg_catalog.pg_proc p
		where p.pronamespace = 'berth'::regnamespace and not exists (
			select from pg_catalog.pg_depend d
			where d.refclassid = 'pg_catalog.pg_proc'::regclass and d.refobjid = p.oid
				and d.classid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_constraint'::regclass)))
	loop
		execute format('drop function if exists %s cascade', name);
	end loop;
end $$;
