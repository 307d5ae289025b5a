-- Forecasts: when a pool will be full, from the samples of its use.
--
-- A pool is full when its highest use reaches its size, so the highest use of each day is what a forecast follows: a
-- daily wave then has no slope, and no burst between two samples is a rise. The slope is the median of the slopes
-- between all pairs (Theil and Sen), which a few odd days do not move. It counts as a trend only when nine of ten pairs
-- agree about its sign: a single step, whose pairs are level before and after it, is none.

drop type if exists berth.trend_line cascade;

-- A line through uses at equal steps: its slope for each step, the slopes that one pair of uses in ten is below and
-- above, its height at the end of the last step, and how far uses were above and below it.
create type berth.trend_line as (slope float8, low float8, high float8, level float8, above float8, below float8);

-- Returns the line through the highest uses of steps of equal length, oldest first: with the median slope of all
-- pairs. `low` and `high` are widened by one value over all steps, since uses are whole numbers. Returns nulls when
-- there is no trend.
create or replace function berth.fit_trend(uses float8[]) returns berth.trend_line
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
	steps int := cardinality(uses);
	t berth.trend_line;
	base float8;
begin
	if steps < 4 or uses[1] = all (uses) then
		return null;
	end if;
	select q[1], q[2], q[3] into t.low, t.slope, t.high from (
		select percentile_cont(array[0.1, 0.5, 0.9]) within group (order by (uses[b] - uses[a]) / (b - a)) as q
		from generate_series(1, steps) a, generate_series(1, steps) b where a < b) s;
	if t.low <= 0 and t.high >= 0 then
		return null;
	end if;
	t.low := t.low - 1.0 / steps;
	t.high := t.high + 1.0 / steps;
	base := (select percentile_cont(0.5) within group (order by uses[k] - t.slope * k)
		from generate_series(1, steps) k);
	t.level := base + t.slope * steps;
	select greatest(1, 3 * percentile_cont(0.5) within group (order by abs(uses[k] - base - t.slope * k))),
		max(uses[k] - base - t.slope * k)
	into t.below, t.above from generate_series(1, steps) k;
	t.above := greatest(t.above, t.below);
	return t;
end $$;

-- Returns the highest of each four members, counted from the end; the first ones that are left over do not count.
create or replace function berth.of_days(six_hours float8[]) returns float8[] language sql immutable return (
	select coalesce(array_agg(highest order by day desc), '{}') from (
		select (cardinality(six_hours) - k) / 4 as day, max(six_hours[k]) as highest
		from generate_series(1, cardinality(six_hours)) k
		where k > cardinality(six_hours) % 4 group by 1) d);

-- Returns by how much the use rises and falls within a day.
create or replace function berth.daily_swing(six_hours float8[]) returns float8
language sql immutable return (
	select percentile_cont(0.5) within group (order by swing) from (
		select max(six_hours[k]) - min(six_hours[k]) as swing from generate_series(1, cardinality(six_hours)) k
		where k > cardinality(six_hours) % 4 group by (cardinality(six_hours) - k) / 4) d);

-- Completes a forecast from a line through steps of so many days.
create or replace function berth.put_trend(f berth.forecast, t berth.trend_line, step float8, steps int)
returns berth.forecast language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
	f.span := steps * step * interval '1 day';
	f.per_day := t.slope / step;
	f.slowest := t.low / step;
	f.fastest := t.high / step;
	f.level := t.level;
	f.above := t.above;
	f.below := t.below;
	f.slack := step / 2;
	f.confidence := abs(t.slope) / (abs(t.slope) + greatest(t.high - t.low, 0) / 2);
	-- In less than two days a trend cannot be told from the rise of a day, which ends.
	if f.span < interval '2 days' then
		f.slowest := least(f.slowest, 0);
		f.confidence := f.confidence / 2;
	end if;
	return f;
end $$;

-- Returns a forecast with the trend of the last days: by the day, or by six hours for a pool that has been sampled for
-- less than four days. A rise that has turned, and is already below its line, is over.
create or replace function berth.put_long_trend(f berth.forecast, six_hours float8[]) returns berth.forecast
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
	days float8[] := berth.of_days(six_hours);
	by_day bool := cardinality(days) >= 4;
	steps int := cardinality(case when by_day then days else six_hours end);
	t berth.trend_line;
	swing float8 := 0;
begin
	t := berth.fit_trend(case when by_day then days else six_hours end);
	if by_day then
		swing := berth.daily_swing(six_hours);
	end if;
	if t.slope is null or six_hours[cardinality(six_hours)] < t.level - t.below - swing - abs(t.slope) then
		return f;
	end if;
	f := berth.put_trend(f, t, case when by_day then 1 else 0.25 end, steps);
	-- The highest use of a day is met sooner or later by as long as the trend takes for the rest of its swing.
	if by_day then
		f.slack := f.slack + least(1, greatest(0, swing / abs(t.slope) - 0.75));
	end if;
	return f;
end $$;

-- Returns a forecast with the trend of the last six hours instead, if that fills the pool within twelve, and if the
-- pool has neither risen like that nor been that full in the last days.
create or replace function berth.put_short_trend(f berth.forecast, six_hours float8[], room float8)
returns berth.forecast language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	uses float8[] := berth.use_levels(f.pool, interval '45 minutes', 8);
	t berth.trend_line;
	steepest float8;
	highest float8;
begin
	if cardinality(uses) = 8 then
		t := berth.fit_trend(uses);
		select coalesce(max(six_hours[k] - six_hours[k - 1]), 0), coalesce(max(six_hours[k]), 0)
		into steepest, highest from generate_series(1, cardinality(six_hours) - 1) k;
		if t.low > 0 and uses[8] > highest and uses[8] - uses[1] > 1.2 * steepest
			and (room + f.used - t.level) / t.slope <= 16 then
			f := berth.put_trend(f, t, 0.03125, 8);
		end if;
	end if;
	return f;
end $$;

-- Returns the highest uses as digits, see berth.forecast.
create or replace function berth.week_of(six_hours float8[], capacity float8) returns text
language sql immutable return (
	select repeat('.', 28 - cardinality(six_hours)) || coalesce(string_agg(
		case when capacity > 0 then least(8, ceil(8 * u / capacity))::int::text else '0' end, '' order by n), '')
	from unnest(six_hours) with ordinality as s (u, n));

-- Makes the forecast of a pool anew. It is due again in an hour, or with the next change after a quarter of one; for a
-- pool that has not changed for a week with the next change.
create or replace function berth.make_forecast(f berth.forecast) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	six_hours float8[] := berth.use_levels(f.pool, interval '6 hours', 28);
	room float8 := (select coalesce(sum(room) filter (where usable), 0) from berth.stripe where pool = f.pool);
begin
	f.span := null; f.per_day := null; f.slowest := null; f.fastest := null; f.level := null; f.above := null;
	f.below := null; f.slack := null; f.confidence := null;
	f := berth.put_short_trend(berth.put_long_trend(f, six_hours), six_hours, room);
	update berth.forecast
	set made = now(), span = f.span, per_day = f.per_day, slowest = f.slowest, fastest = f.fastest, level = f.level,
		above = f.above, below = f.below, slack = f.slack, confidence = f.confidence,
		week = berth.week_of(six_hours, f.capacity),
		due = case when f.at < now() - interval '8 days' then 'infinity' else now() + interval '1 hour' end
	where pool = f.pool;
end $$;

-- Returns the pools whose forecast is due, the longest due first. A time that a wrong clock has put into the future is
-- due too.
create or replace function berth.forecasts_due(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select pool from berth.forecast
	where due <= now() and pool <> all ((select berth.recent_troubles('forecast'))::uuid[])
	order by due limit most;
	return query select pool from berth.forecast
	where due > now() + interval '1 day' and due < 'infinity'
		and pool <> all ((select berth.recent_troubles('forecast'))::uuid[])
	order by due limit most;
end $$;

-- Makes the forecasts of these pools.
create or replace function berth.make_forecasts(pools uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.make_forecast(f) from berth.forecast f
	where f.pool in (select pool from berth.forecast where pool = any (pools) for no key update skip locked);
end $$;
