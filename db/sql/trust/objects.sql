-- Returns the first object in berth's schemas that belongs neither to the migrating role nor to a superuser, and the
-- first foreign one that an object in them uses: the function of a trigger, a default, a check, a policy or an index, a
-- type, an operator. The owner of the schemas is trusted: schemas.sql has checked it. An event trigger would run in the
-- middle of the migration. berth_guard counts from the migration on that recreated it.
with space as (
	select n.oid from pg_namespace n where n.nspname in ('berth', 'berth_api') or n.nspname = 'berth_guard' and exists (
		select from pg_namespace b join pg_class c on c.relnamespace = b.oid join pg_attribute a on a.attrelid = c.oid
		where b.nspname = 'berth' and c.relname = 'dedupe_run' and a.attname = 'guard' and not a.attisdropped)
), owned (class, id, owner, space) as not materialized (
	select 'pg_class'::regclass::oid, oid, relowner, relnamespace from pg_class
	union all select 'pg_proc'::regclass, oid, proowner, pronamespace from pg_proc
	union all select 'pg_type'::regclass, oid, typowner, typnamespace from pg_type
	union all select 'pg_operator'::regclass, oid, oprowner, oprnamespace from pg_operator
	union all select 'pg_opclass'::regclass, oid, opcowner, opcnamespace from pg_opclass
	union all select 'pg_opfamily'::regclass, oid, opfowner, opfnamespace from pg_opfamily
	union all select 'pg_collation'::regclass, oid, collowner, collnamespace from pg_collation
	union all select 'pg_conversion'::regclass, oid, conowner, connamespace from pg_conversion
	union all select 'pg_statistic_ext'::regclass, oid, stxowner, stxnamespace from pg_statistic_ext
	union all select 'pg_ts_config'::regclass, oid, cfgowner, cfgnamespace from pg_ts_config
	union all select 'pg_ts_dict'::regclass, oid, dictowner, dictnamespace from pg_ts_dict
), stranger as (
	select oid, rolname from pg_roles where not rolsuper and rolname <> current_user
), inside as materialized (
	select o.class, o.id, o.owner from owned o where o.space in (select oid from space)
), relation as (
	select id from inside where class = 'pg_class'::regclass
), part (class, id) as (
	select class, id from inside
	union all select 'pg_trigger'::regclass, t.oid from pg_trigger t join relation r on r.id = t.tgrelid
		where not t.tgisinternal
	union all select 'pg_rewrite'::regclass, w.oid from pg_rewrite w join relation r on r.id = w.ev_class
	union all select 'pg_policy'::regclass, p.oid from pg_policy p join relation r on r.id = p.polrelid
	union all select 'pg_attrdef'::regclass, a.oid from pg_attrdef a join relation r on r.id = a.adrelid
	union all select 'pg_constraint'::regclass, c.oid from pg_constraint c join relation r on r.id = c.conrelid
	union all select 'pg_constraint'::regclass, c.oid from pg_constraint c
		join inside i on i.class = 'pg_type'::regclass and i.id = c.contypid
), found (rank, class, id, owner, by_class, by_id) as (
	select 1, i.class, i.id, i.owner, null::oid, null::oid from inside i
	union all select 2, o.class, o.id, o.owner, p.class, p.id from part p
		join pg_depend d on d.classid = p.class and d.objid = p.id
		join owned o on o.class = d.refclassid and o.id = d.refobjid
	union all select 2, o.class, o.id, o.owner, 'pg_class'::regclass, r.id from relation r
		join pg_inherits h on h.inhparent = r.id
		join owned o on o.class = 'pg_class'::regclass and o.id = h.inhrelid
	union all select 2, o.class, o.id, o.owner, 'pg_event_trigger'::regclass, e.oid from pg_event_trigger e
		join owned o on o.class = 'pg_proc'::regclass and o.id = e.evtfoid
		where e.evtenabled <> 'D' and e.evtevent <> 'login'
)
select 'not_allowed' as code,
	format('%s %s belongs to %s', i.type, i.identity, s.rolname) || case when f.by_id is null then ''
		else format(', and %s %s uses it', b.type, b.identity) end as message,
	'let a superuser look at it, and drop it or give it to the owner of schema berth' as hint
from (select f.*, s.rolname from found f join stranger s on s.oid = f.owner
	order by f.rank, f.class <> 'pg_class'::regclass, f.class, f.id limit 1) f
join stranger s on s.oid = f.owner
cross join lateral pg_identify_object(f.class, f.id, 0) i
left join lateral pg_identify_object(f.by_class, f.by_id, 0) b on f.by_id is not null;
