-- Returns the members that the cluster's roles had before, who have rights on the database from its first moment.
select string_agg(format('%s (%s)', x.role, x.members), ', ' order by x.role) as members from (
	select r.rolname as role,
		string_agg(case when x.n <= 5 then x.name when x.n = 6 then '...' end, ', ' order by x.n) as members
	from pg_roles r cross join lateral (
		select member.rolname as name, row_number() over (order by member.rolname) as n
		from pg_auth_members m join pg_roles member on member.oid = m.member
		where m.roleid = r.oid and not member.rolsuper and member.rolname <> current_user) x
	where r.rolname in ('berth_viewer', 'berth_operator', 'berth_worker', 'berth_admin')
	group by r.rolname) x
having count(*) > 0;
