-- Samples of the use of pools: how they are taken, read and forgotten.

-- Returns true when the next round of samples is due. A round in the future is one from before the clock was set back.
create or replace function berth.samples_due() returns bool
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return (select taken <= now() - interval '5 minutes' or taken > now() + interval '1 minute' from berth.sampling);
end $$;

-- Returns the present use of every live pool.
create or replace function berth.present_use()
returns table (pool uuid, used float8, capacity float8, free float8, full_now bool) language sql stable
set enable_seqscan = on set enable_hashjoin = on begin atomic
	select p.id, coalesce(u.used, 0)::float8, coalesce(u.capacity, 0)::float8, coalesce(u.free, 0)::float8,
		coalesce(u.capacity > 0 and u.free = 0, false)
	from berth.pool p
	left join (
		select t.pool, sum(div(t.last - t.first + 1, t.block) - t.room - t.resting - t.kept) as used,
			sum(div(t.last - t.first + 1, t.block)) as capacity,
			coalesce(sum(t.room) filter (where t.usable), 0) as free
		from berth.stripe t group by t.pool) u on u.pool = p.id
	where p.destroyed is null;
end;

-- Does a round: stores the use of the pools whose use has changed since their latest sample, in one statement. The
-- first round of an hour is an hourly one: it compares with the latest hourly sample. The sample before a gap is
-- repeated at its end: `known` is the round in which the pool was still unchanged.
-- Its body is a text: PostgreSQL dumps a statement with two `excluded` in a form that cannot be restored.
create or replace function berth.store_samples(known timestamptz, is_hourly bool) returns void
language sql set search_path = pg_catalog, pg_temp set enable_seqscan = on set enable_hashjoin = on as $$
	with changed as materialized (
		select s.*, f.pool is null as is_new, f.at, f.used as used_before, f.capacity as capacity_before
		from berth.present_use() s left join berth.forecast f using (pool)
		where f.pool is null or s.used <> f.used or s.capacity <> f.capacity or s.free is distinct from f.free
			or s.full_now <> (f.full_since is not null) or f.at > now()
			or (is_hourly and (s.used <> f.hour_used or s.capacity <> f.hour_capacity))
	), stored as (
		insert into berth.sample (pool, at, hourly, used, capacity)
		select pool, now(), is_hourly or is_new, used, capacity from changed
		union all
		select pool, known, true, used_before, capacity_before from changed
		where at < known - interval '1 day' and known < now()
		on conflict on constraint sample_pkey do update
		set used = excluded.used, capacity = excluded.capacity, hourly = sample.hourly or excluded.hourly
	)
	insert into berth.forecast as f (pool, since, at, used, capacity, free, hour_used, hour_capacity, full_since, due)
	select pool, now(), now(), used, capacity, free, used, capacity, case when full_now then now() end, now()
	from changed
	on conflict on constraint forecast_pkey do update
	set since = least(f.since, now()), at = now(), used = excluded.used, capacity = excluded.capacity,
		free = excluded.free,
		hour_used = case when is_hourly then excluded.used else f.hour_used end,
		hour_capacity = case when is_hourly then excluded.capacity else f.hour_capacity end,
		full_since = case when excluded.full_since is not null
			then least(coalesce(f.full_since, excluded.full_since), excluded.full_since) end,
		due = least(f.due, greatest(f.made + interval '15 minutes', now()));
$$;

-- Takes the samples of one round, unless another worker does or has just done so. Forgets pools that are gone once an
-- hour; their samples are forgotten with age.
create or replace function berth.take_samples() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	last berth.sampling;
	is_hourly bool;
begin
	select * into last from berth.sampling where berth.samples_due() for update skip locked;
	if not found then
		return;
	end if;
	is_hourly := last.hour is distinct from date_trunc('hour', now(), 'UTC');
	perform berth.store_samples(last.taken, is_hourly);
	if is_hourly then
		delete from berth.forecast f using berth.pool p where p.id = f.pool and p.destroyed is not null;
	end if;
	update berth.sampling set taken = now(), hour = date_trunc('hour', now(), 'UTC');
end $$;

-- Returns true when there are samples to forget: those that are old enough, and those that a wrong clock has put into
-- the future.
create or replace function berth.has_old_samples() returns bool
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return exists (select from berth.sample where not hourly and at < now() - interval '1 day')
		or exists (select from berth.sample where hourly and at < now() - interval '90 days')
		or exists (select from berth.sample where not hourly and at > now() + interval '1 day')
		or exists (select from berth.sample where hourly and at > now() + interval '1 day');
end $$;

-- Forgets samples, up to `most` of each kind.
create or replace function berth.forget_samples(most bigint) returns void language sql begin atomic
	delete from berth.sample where ctid = any (array(
		(select ctid from berth.sample where not hourly and at < now() - interval '1 day' order by at limit most)
		union all
		(select ctid from berth.sample where hourly and at < now() - interval '90 days' order by at limit most)
		union all
		(select ctid from berth.sample where not hourly and at > now() + interval '1 day' limit most)
		union all
		(select ctid from berth.sample where hourly and at > now() + interval '1 day' limit most)));
end;

-- Returns the highest use of a pool in each of `n` steps up to now, oldest first. A step that began before the first
-- sample has no use: the array then has fewer members, the newest.
create or replace function berth.use_levels(asked_pool uuid, step interval, n int) returns float8[]
language sql stable return (
	select coalesce(array_agg(greatest(b.used, w.used) order by k.n desc) filter (where b.used is not null), '{}')
	from generate_series(1, use_levels.n) k (n)
	left join lateral (select s.used from berth.sample s where s.pool = asked_pool and s.at <= now() - k.n * step
		order by s.at desc limit 1) b on true
	left join lateral (select max(s.used) as used from berth.sample s where s.pool = asked_pool
		and s.at > now() - k.n * step and s.at <= now() - (k.n - 1) * step) w on true);
