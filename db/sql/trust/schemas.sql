-- A schema that someone else owns, or can create in, is not adopted. The migration that added dedupe_run.guard dropped
-- the objects that earlier versions let admins create in berth_guard; since then no one else can create in it.
select 'not_allowed' as code,
	format('schema %s can be changed by %s', n.nspname, case when t.oid is null then o.rolname
		else g.name end) as message,
	'migrate as its owner, and let no one else create in it' as hint
from pg_namespace n
join pg_roles o on o.oid = n.nspowner
left join pg_roles t on t.oid = o.oid and (t.rolsuper or t.rolname = current_user)
left join lateral (
	select coalesce(r.rolname, 'public') as name
	from aclexplode(n.nspacl) a left join pg_roles r on r.oid = a.grantee
	where a.privilege_type = 'CREATE' and a.grantee <> n.nspowner
	limit 1) g on n.nspname = 'berth' or exists (
		select from pg_namespace b join pg_class c on c.relnamespace = b.oid join pg_attribute a on a.attrelid = c.oid
		where b.nspname = 'berth' and c.relname = 'dedupe_run' and a.attname = 'guard' and not a.attisdropped)
where n.nspname in ('berth', 'berth_api', 'berth_guard') and (t.oid is null or g.name is not null)
order by n.nspname limit 1;
