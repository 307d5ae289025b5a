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
