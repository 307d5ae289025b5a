-- The roles belong to the whole cluster, and may have existed before. A login of the role itself, a member granted by
-- someone who does not administer roles, and a member that may add others would have the role's rights on the new
-- objects. Members that an administrator of roles has added are reported by members.sql.
with role as (
	select * from pg_roles where rolname in ('berth_viewer', 'berth_operator', 'berth_worker', 'berth_admin')
), stranger as (
	select oid from pg_roles where not rolsuper and not rolcreaterole and rolname <> current_user
)
select 'not_allowed' as code, x.message, x.hint from (
	select 1 as rank, r.rolname,
		format('role %s was there already, and is no mere group: it has %s', r.rolname, concat_ws(', ',
			case when r.rolcanlogin then 'LOGIN' end, case when r.rolsuper then 'SUPERUSER' end,
			case when r.rolcreaterole then 'CREATEROLE' end, case when r.rolcreatedb then 'CREATEDB' end,
			case when r.rolreplication then 'REPLICATION' end, case when r.rolbypassrls
				then 'BYPASSRLS' end)) as message,
		format('let a superuser look at it, and drop it or run: '
			'alter role %s nologin nosuperuser nocreaterole nocreatedb noreplication nobypassrls', r.rolname) as hint
	from role r
	where r.rolcanlogin or r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls
	union all
	select 2, r.rolname,
		format('role %s was there already, and %s %s', r.rolname, member.rolname,
			case when m.admin_option and m.member in (select oid from stranger) then 'may make others members of it'
			else 'is a member by grant of ' || by.rolname end),
		format('let a superuser run: revoke %s from %I%s; who is to have it is granted it after the migration',
			r.rolname, member.rolname, ' granted by ' || quote_ident(by.rolname))
	from role r join pg_auth_members m on m.roleid = r.oid join pg_roles member on member.oid = m.member
	left join pg_roles by on by.oid = m.grantor
	where (m.admin_option and m.member in (select oid from stranger)) or m.grantor in (select oid from stranger)
) x
order by x.rank, x.rolname limit 1;
