-- Drops all views and functions of an earlier version, so that none of them is left beside its successor. Functions
-- that an index, a constraint or a default uses belong to the schema and stay; so do those of which the views of
-- berth_api are made, and what an application has made of these views.
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
		with recursive kept (id) as (
			select d.refobjid from pg_catalog.pg_depend d
			left join pg_catalog.pg_rewrite w on w.oid = d.objid and d.classid = 'pg_catalog.pg_rewrite'::regclass
			left join pg_catalog.pg_class v on v.oid = w.ev_class
			where d.refclassid = 'pg_catalog.pg_proc'::regclass and (
				d.classid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_constraint'::regclass,
					'pg_catalog.pg_attrdef'::regclass)
				or v.relnamespace = (select n.oid from pg_catalog.pg_namespace n where n.nspname = 'berth_api'))
			union
			select d.refobjid from kept join pg_catalog.pg_depend d
				on d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = kept.id
			where d.refclassid = 'pg_catalog.pg_proc'::regclass
		)
		select p.oid::regprocedure::text from pg_catalog.pg_proc p
		where p.pronamespace = 'berth'::regnamespace and p.oid not in (select id from kept))
	loop
		execute format('drop function if exists %s cascade', name);
	end loop;
end $$;
