-- A condition that needs a person. `count` is the number of things of the kind the alert stands for.
create type berth.alert as (kind text, target text, since timestamptz, text text, hint text, count bigint);

-- Pools with nothing free are found by their closed stripes, which are few; drains by their resources.
create index stripe_closed on berth.stripe (pool) where usable and not open;
create index resource_ending on berth.resource (pool) where state in ('released', 'broken');

-- Plans that are open in consoles. `seen` is when the console last noted it; it does so every few seconds.
create table berth.open_plan (
	id uuid not null constraint open_plan_pkey primary key,
	who text not null default session_user,
	doing text not null,
	since timestamptz not null default now(),
	seen timestamptz not null default now()
);
