-- The command queue, its workers, and what leases need to wait, rest and end.

-- A wish that a lease, resource or pool be changed. Whoever has one adds a row;
-- only a worker that holds the lock of the *lane* changes the thing, and its
-- commands with it. The lane is the row whose commands are applied one after the
-- other: the target itself; of retry, skip and force the lease of the command
-- that they are about; of a selection, the command.
--
-- A bulk (`total` is not null) makes a child for each lease, a chunk at a time:
-- `scope` and `mark` are the place that it has reached in its arguments, `made`
-- the children so far. It is done when it has made all and each has ended.
--
-- A hook runs outside any transaction under a claim: the worker, the epoch that
-- its finish must name, and the deadline at which another one may take over.
create table berth.command (
	id uuid not null default gen_random_uuid() constraint command_pkey primary key,
	seq bigint not null default nextval('berth.event_seq'),
	action text not null constraint command_action_known check (action in
		('release', 'reclaim', 'cordon', 'uncordon', 'extend', 'activate', 'retry', 'skip', 'force')),
	kind text not null constraint command_kind_known check (kind in
		('lease', 'resource', 'pool', 'project', 'command', 'selection')),
	target uuid not null,
	lane_kind text not null,
	lane uuid not null,
	hook bool not null default false,
	author text not null default session_user,
	reason text not null default '' constraint command_reason_short check (char_length(reason) <= 1000),
	arguments jsonb not null default '{}',
	detail jsonb,
	created timestamptz not null default now(),
	not_before timestamptz not null default now(),
	expect_generation bigint,
	parent uuid,
	credit uuid,
	state text not null default 'queued' constraint command_state_known check (state in
		('queued', 'running', 'done', 'quarantined', 'cancelled')),
	outcome text constraint command_outcome_known check (outcome in ('applied', 'noop', 'rejected', 'failed')),
	explanation text,
	consumed_at timestamptz,
	consumed_by text,
	attempts int not null default 0,
	spent int not null default 0,
	worker text,
	begun timestamptz,
	epoch bigint not null default 0,
	deadline timestamptz,
	fanning bool not null default false,
	scope int not null default 0,
	mark numeric,
	watermark bigint,
	made bigint not null default 0,
	done bigint not null default 0,
	failed bigint not null default 0,
	total bigint,
	constraint command_outcome_ends check ((outcome is not null) = (state = 'done'))
) with (autovacuum_vacuum_scale_factor = 0.05);
create index command_due on berth.command (lane_kind, hook, not_before, seq) where state = 'queued';
create index command_lane on berth.command (lane, seq);
-- The same of what is not at its end: with both conditions in one index nothing else looks better, whatever the
-- server believes of a table that has just been filled.
create index command_lane_open on berth.command (lane, seq) where state in ('queued', 'running', 'quarantined');
create index command_open on berth.command (seq) where state in ('queued', 'running', 'quarantined');
create index command_running on berth.command (seq) where state = 'running';
create unique index command_seq on berth.command (seq);
create index command_past on berth.command (consumed_at) where state in ('done', 'cancelled');
create unique index command_child on berth.command (parent, target) where parent is not null;

-- The end of a lease's time asks for one release, however many look at the clock.
create unique index command_expiry on berth.command (target)
	where author = 'berth:expiry' and state in ('queued', 'running', 'quarantined');

-- A process that consumes the queue, and when it was last heard of.
create table berth.worker (
	name text not null constraint worker_pkey primary key,
	host text not null,
	pid bigint not null,
	started timestamptz not null default now(),
	heartbeat timestamptz not null default now(),
	every bigint not null,
	stopped bool not null default false,
	hooks bool not null,
	consumed bigint not null default 0,
	constraint worker_name_form check (name ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$')
);

-- Leases that wait have nothing to be found by but their pool, so the pool counts them: allocation, which reads
-- the pool's row anyway, must not overtake them.
alter table berth.pool add column waiting bigint not null default 0;
create index pool_waiting on berth.pool (id) where waiting > 0;

-- A released value rests for the reuse delay of its pool, neither used nor free.
alter table berth.stripe add column resting bigint not null default 0;
alter table berth.lease add column rest_until timestamptz;
alter table berth.lease add column duration bigint;
create index lease_resting on berth.lease (rest_until) where rest_until is not null;
drop index berth.lease_until;
create index lease_expiry on berth.lease (until) where until is not null and state in ('pending', 'acquired', 'active');
create index lease_broken on berth.lease (resource) where state = 'broken';

-- An id is of one kind only.
drop index berth.event_target;
create index event_target on berth.event (target, seq);

-- Leases of before whose hook has never run, as allocation queues it.
insert into berth.command (action, kind, target, lane_kind, lane, hook)
select 'activate', 'lease', id, 'lease', id, true from berth.lease where state = 'acquired' order by seq;
