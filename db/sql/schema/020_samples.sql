-- The use of each pool over time, as a worker samples it. A sample is stored when it differs from the one before, so a
-- gap means "unchanged". The samples of the first round of an hour are kept for 90 days, the others for a day.
create table berth.sample (
	pool uuid not null,
	at timestamptz not null,
	hourly bool not null,
	used float8 not null,
	capacity float8 not null,
	constraint sample_pkey primary key (pool, at)
);
create index sample_age on berth.sample (hourly, at);

-- The rounds of sampling. The row is locked by the worker that samples.
create table berth.sampling (
	one bool not null default true constraint sampling_pkey primary key constraint sampling_one check (one),
	taken timestamptz not null,
	hour timestamptz not null
);
insert into berth.sampling (taken, hour) values ('-infinity', '-infinity');

-- The latest sample of each pool, and the forecast that follows from its samples: see berth.make_forecast().
--
-- `since` is when sampling of the pool began, `at` is when its use changed last, and the `hour_` columns repeat its
-- latest hourly sample. The forecast was `made` at a time and is made again when it is `due`; 'infinity' waits for a
-- change. At `made` the line of the highest use was at `level`. It rises by `per_day`, and surely by no less than
-- `slowest` and no more than `fastest`. The use was up to `above` and `below` off that line, and meets it `slack` early or
-- late. All are null without a trend. `week` has a digit for each six hours of the seven days before `made`: the
-- highest use in eighths of the size, or '.' where it is not known.
create table berth.forecast (
	pool uuid not null constraint forecast_pkey primary key,
	since timestamptz not null,
	at timestamptz not null,
	used float8 not null,
	capacity float8 not null,
	hour_used float8 not null,
	hour_capacity float8 not null,
	full_since timestamptz,
	due timestamptz not null,
	made timestamptz,
	span interval,
	per_day float8,
	slowest float8,
	fastest float8,
	level float8,
	above float8,
	below float8,
	slack float8,
	confidence float8,
	week text not null default ''
) with (fillfactor = 70);
create index forecast_due on berth.forecast (due);

-- The forecast was made from a decayed mean that each allocation and release kept in the stripe. What is left of it is
-- the time of the last change.
drop view if exists berth.pool_view cascade;
alter table berth.stripe drop column flow;
alter table berth.stripe rename column flow_at to changed;

-- The holders of a pool are found by steps in this index, whatever the number of their leases; the newest and the
-- oldest lease of each are its ends.
create index lease_holder on berth.lease (pool, holder collate "C", seq) where state <> 'destroyed';
