-- name: demo_age(seed real) :one nothing
-- Makes fresh sample data look used: pools two months old, leases taken since then, at a steady flow. Only the
-- owner of the tables can run it.
with seeded as (
	select setseed($1)
), pools as (
	update berth.pool set created = created - interval '60 days' from seeded
), leases as (
	update berth.lease
	set created = created - age, acquired = acquired - age, activated = activated - age
	from (select id, random() * random() * interval '50 days' as age from seeded, berth.lease) aged
	where aged.id = lease.id
), stripes as (
	update berth.stripe set flow = flow * random() / 60 from seeded
)
select from seeded;

-- name: demo_rise(pool text, per_hour real) :one nothing
-- Makes the leases of a pool look as if so many an hour had been taken up to now, and the pool foretell that it goes on.
with asked as (
	select id from berth.pool where name = $1 and destroyed is null
), taken as (
	select l.id, now() - row_number() over (order by l.seq desc) / $2 * interval '1 hour' as at
	from berth.lease l join asked on asked.id = l.pool
), leases as (
	update berth.lease l set created = t.at, acquired = t.at, activated = t.at from taken t where t.id = l.id
), trend as (
	update berth.stripe s set flow = $2 * 6 from asked where s.pool = asked.id returning 1
)
select from (select count(*) from trend) given;

-- name: demo_table(part int) :one composed_statement
-- The statements that make a table as an application left it: a row for each label of each application, but for some
-- two or three, partly with other values. Only the owner of the database can run them.
select (array[$$
	create table public.app_labels as
	select i as id, 'app-' || i % 40 as app, (array['env', 'tier', 'team'])[1 + i / 40 % 3] as name,
		(array['prod', 'test', 'prod '])[1 + case when i > 150 then i else i % 40 end % 3] as value,
		timestamptz '2026-01-01' + i * interval '1 hour' as created_at
	from generate_series(0, 165) i$$,
	'alter table public.app_labels add primary key (id)'])[$1] as sql;
