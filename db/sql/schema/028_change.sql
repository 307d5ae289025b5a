-- A lease can be given to another holder.
alter table berth.command drop constraint command_action_known, add constraint command_action_known check (action in
	('release', 'reclaim', 'cordon', 'uncordon', 'extend', 'transfer', 'label', 'activate', 'retry', 'skip', 'force',
	'delete'));

-- The names that a pool had before it was renamed: a request that was made under one of them can be repeated.
create table berth.former_name (
	name text not null,
	pool uuid not null constraint former_name_pool_fkey references berth.pool,
	until timestamptz not null default clock_timestamp(),
	constraint former_name_pkey primary key (name, pool)
);

-- The pool that a request was about, by which it is known under any name of the pool. Null for requests about other
-- things, and for those of before.
alter table berth.request add column pool uuid;
