-- Loads a database of any size in sets: pools of ten ranges of 1,000 numbers, live leases with labels, and leases that
-- have ended with their commands and events. Every invariant that berth.doctor() checks holds afterwards.

create schema bench_volume;

-- The indexes of the big tables, which are built after the rows are there.
create table bench_volume.definition (place int generated always as identity, away text, back text);

create function bench_volume.put_away() returns void language plpgsql as $$
declare
	d record;
begin
	insert into bench_volume.definition (away, back)
	select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname),
		format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
	from pg_constraint c
	where c.contype in ('p', 'x') and c.connamespace = 'berth'::regnamespace
		and c.conrelid::regclass::text in ('berth.lease', 'berth.event', 'berth.command', 'berth.label')
	order by c.contype, c.conname;
	insert into bench_volume.definition (away, back)
	select format('drop index %s', i.indexrelid::regclass), replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
	from pg_index i
	where i.indrelid::regclass::text in ('berth.lease', 'berth.event', 'berth.command', 'berth.label')
		and not exists (select from pg_constraint c where c.conindid = i.indexrelid);
	for d in select * from bench_volume.definition order by place loop
		execute d.away;
	end loop;
end $$;

create function bench_volume.put_back() returns void language plpgsql as $$
declare
	d record;
begin
	for d in select * from bench_volume.definition order by place loop
		execute d.back;
	end loop;
end $$;

create function bench_volume.id(what text, n bigint) returns uuid
language sql immutable parallel safe return md5(what || n)::uuid;

-- Ten resources a pool: resource n has the values from 1000 n, of which the first `held` are taken.
create function bench_volume.load_pools(pools bigint, held bigint) returns void language sql as $$
	insert into berth.space (name) select 'volume-' || n from generate_series(1, 100) n;
	insert into berth.pool (id, name, kind, space, warn, crit, ttl, reuse_delay)
	select bench_volume.id('pool', n), 'pool-' || n, 'number', s.number, 80, 90, 0, 0
	from generate_series(0, pools - 1) n join berth.space s on s.name = 'volume-' || 1 + n % 100;
	insert into berth.resource (id, pool, space, kind, name, first, last)
	select bench_volume.id('resource', n), p.id, p.space, p.kind, 1000 * n || '-' || 1000 * n + 999, 1000 * n,
		1000 * n + 999
	from generate_series(0, 10 * pools - 1) n join berth.pool p on p.id = bench_volume.id('pool', n / 10);
	insert into berth.stripe (pool, resource, host, first, last, free, room, usable, open)
	select r.pool, r.id, '', r.first, r.last, nummultirange(numrange(r.first + held, r.last + 1)), 1000 - held, true,
		true
	from berth.resource r;
	insert into berth.forecast (pool, since, at, used, capacity, free, hour_used, hour_capacity, due)
	select p.id, now() - interval '7 days', now(), 10 * held, 10000, 10000 - 10 * held, 10 * held, 10000, 'infinity'
	from berth.pool p;
	update berth.sampling set taken = now();
$$;

create function bench_volume.load_live(pools bigint, held bigint) returns void language sql as $$
	insert into berth.lease (id, pool, resource, value, state, holder, priority, created, acquired, activated, detail)
	select bench_volume.id('lease', n), bench_volume.id('pool', n / 10 % pools),
		bench_volume.id('resource', n % (10 * pools)), 1000 * (n % (10 * pools)) + n / (10 * pools), 'active',
		'vm-' || n % 5000, 0, t, t, t, '{"program": "berth"}'
	from generate_series(0, 10 * pools * held - 1) n, lateral (select now() - interval '1 hour') at (t);
	insert into berth.label (kind, target, prefix, name, value, seq)
	select 'lease', l.id, '', k.name, k.value, l.seq
	from berth.lease l, lateral (values ('env', (array['prod', 'stage', 'dev'])[1 + mod(l.seq / 10, 3)::int]),
		('app', 'app' || mod(l.seq / 10, 1000))) k (name, value)
	where mod(l.seq, 10) = 0;
$$;

-- Leases that ended within the last day, so that nothing is to be forgotten during the run.
create function bench_volume.load_past(pools bigint, past bigint) returns void language sql as $$
	insert into berth.lease (id, pool, resource, value, state, holder, priority, created, acquired, activated,
		released, destroyed, generation, detail)
	select bench_volume.id('past', n), bench_volume.id('pool', n % pools),
		bench_volume.id('resource', 10 * (n % pools)), 10000 * (n % pools) + n % 1000, 'destroyed', 'vm-' || n % 5000, 0,
		t, t, t, t + interval '1 hour', t + interval '1 hour', 3, '{"program": "berth"}'
	from generate_series(1, past) n, lateral (select now() - interval '1 day' + n * interval '20 hours' / past) at (t);
	insert into berth.command (action, kind, target, lane_kind, lane, created, state, outcome, explanation,
		consumed_at, consumed_by)
	select 'release', 'lease', l.id, 'lease', l.id, l.released, 'done', 'applied', 'released', l.released, 'bench'
	from berth.lease l where l.state = 'destroyed';
	insert into berth.event (at, actor, action, kind, target, command, before, after)
	select l.destroyed, 'bench', e.action, 'lease', l.id, null, '{"state": "active", "generation": 1}', e.after::jsonb
	from berth.lease l, (values ('release', '{"state": "released", "generation": 2}'),
		('destroy', '{"state": "destroyed", "generation": 3}')) e (action, after)
	where l.state = 'destroyed';
$$;

create function bench_volume.load(pools bigint, held bigint, past bigint) returns void
language plpgsql set session_replication_role = replica set synchronous_commit = off set maintenance_work_mem = '512MB'
as $$
begin
	perform bench_volume.put_away(), bench_volume.load_past(pools, past), bench_volume.load_pools(pools, held),
		bench_volume.load_live(pools, held), bench_volume.put_back();
end $$;
