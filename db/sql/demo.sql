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
)
select from seeded;

-- name: demo_rise(pool text, per_hour real) :one nothing
-- Makes the leases of a pool look as if so many an hour had been taken up to now.
with asked as (
	select id from berth.pool where name = $1 and destroyed is null
), taken as (
	select l.id, now() - row_number() over (order by l.seq desc) / $2 * interval '1 hour' as at
	from berth.lease l join asked on asked.id = l.pool
), leases as (
	update berth.lease l set created = t.at, acquired = t.at, activated = t.at from taken t where t.id = l.id
)
select from (values (1)) one;

-- name: demo_history() :one nothing
-- Stores the samples that the last 30 days would have left: each hour the values that were held then, as the leases
-- tell. Only the owner of the tables can run it.
with ages as (
	select pool, least(720, floor(extract(epoch from now() - acquired) / 3600))::int as hour, count(*) as n
	from berth.lease where acquired is not null group by 1, 2
), past as (
	select p.id as pool, now() - t.hour * interval '1 hour' as at, c.capacity,
		coalesce(sum(a.n) over (partition by p.id order by t.hour desc), 0) as used
	from berth.pool p
	join (select s.pool, sum(div(s.last - s.first + 1, s.block)) as capacity from berth.stripe s group by s.pool) c on c.pool = p.id
	cross join generate_series(0, 720) t (hour)
	left join ages a on a.pool = p.id and a.hour = t.hour
	where p.destroyed is null
), stored as (
	insert into berth.sample (pool, at, hourly, used, capacity) select pool, at, true, used, capacity from past
), foretold as (
	insert into berth.forecast (pool, since, at, used, capacity, hour_used, hour_capacity, full_since, due)
	select pool, min(at), max(at) filter (where at = now()), max(used) filter (where at = now()), max(capacity),
		max(used) filter (where at = now()), max(capacity),
		case when max(used) filter (where at = now()) = max(capacity) and max(capacity) > 0
			then min(at) filter (where used = capacity) end, now()
	from past group by pool
)
select from (values (1)) one;

-- name: demo_forecasts() :one nothing
-- Makes the forecasts that follow from the samples.
select from berth.make_forecasts(array(select pool from berth.forecast));

-- name: demo_table(part int) :one composed_statement
-- The statements that make a table as an application left it: a row for each label of each application, but for some
-- two or three, partly with other values. Only the owner of the database can run them.
select (array[$$
	create table public.app_labels as
	select i as id, 'app-' || i % 40 as app, (array['env', 'tier', 'team'])[1 + i / 40 % 3] as name,
		(array['prod', 'test', 'prod '])[1 + case when i > 150 then i else i % 40 end % 3] as value,
		timestamptz '2026-01-01' + i * interval '1 hour' as created_at
	from generate_series(0, 165) i$$,
	'alter table public.app_labels add primary key (id), alter app set not null, alter name set not null'])[$1] as sql;
