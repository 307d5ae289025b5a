-- Spaces, pools, resources, their free values, leases, and the record of changes.
--
-- Every constraint is named by hand: names are how errors are told apart.
-- Only the functions of routines/ write these tables; the roles below may read
-- them and call the functions that their work needs.

-- The place of a routing domain. Its number places its ranges on one long line,
-- see berth.span().
create table berth.space (
	number int generated always as identity constraint space_pkey primary key,
	name text not null constraint space_name_key unique
);

-- A pool outlives its deletion as a row without a name of its own, so that its
-- id stays spent and the history of its leases stays readable.
create table berth.pool (
	id uuid not null constraint pool_pkey primary key,
	name text not null,
	kind text not null constraint pool_kind_known check (kind in ('ipv4', 'ipv6', 'number', 'host')),
	space int not null constraint pool_space_fkey references berth.space,
	warn int not null,
	crit int not null,
	ttl bigint not null constraint pool_ttl_positive check (ttl >= 0),
	reuse_delay bigint not null constraint pool_reuse_delay_positive check (reuse_delay >= 0),
	activate_hook text,
	release_hook text,
	created timestamptz not null default now(),
	created_by text not null default session_user,
	destroyed timestamptz,
	constraint pool_name_form check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
	constraint pool_thresholds_ordered check (0 <= warn and warn <= crit and crit <= 100)
);
create unique index pool_name_key on berth.pool (name) where destroyed is null;

-- A range of values, or a host whose slots are the values 1 to last.
create table berth.resource (
	id uuid not null default gen_random_uuid() constraint resource_pkey primary key,
	pool uuid not null constraint resource_pool_fkey references berth.pool,
	space int not null constraint resource_space_fkey references berth.space,
	kind text not null,
	name text collate "C" not null,
	host text collate "C" not null default '',
	first numeric(39) not null,
	last numeric(39) not null,
	state text not null default 'active'
		constraint resource_state_known check (state in ('active', 'released', 'destroyed', 'broken')),
	cordoned bool not null default false,
	generation bigint not null default 1,
	created timestamptz not null default now(),
	created_by text not null default session_user,
	destroyed timestamptz,
	constraint resource_range_ordered check (0 <= first and first <= last),
	constraint resource_host_is_host check ((kind = 'host') = (host <> ''))
);
create index resource_pool on berth.resource (pool, host, first) where state <> 'destroyed';
create unique index resource_host_key on berth.resource (space, host) where state <> 'destroyed' and host <> '';

-- The place of a range on one line on which every space and kind has a stretch
-- of its own, 2^128 long. So one exclusion constraint over a built-in range
-- type keeps live ranges of one space and kind apart, without an extension.
create function berth.span(space int, kind text, first numeric, last numeric) returns numrange
language sql immutable parallel safe return numrange(
	(space * 4 + array_position(array['ipv4', 'ipv6', 'number'], kind)) * 340282366920938463463374607431768211456::numeric + first,
	(space * 4 + array_position(array['ipv4', 'ipv6', 'number'], kind)) * 340282366920938463463374607431768211456::numeric + last,
	'[]');
alter table berth.resource add constraint resource_span_excl
	exclude using gist (berth.span(space, kind, first, last) with &&) where (state <> 'destroyed' and kind <> 'host');

-- The free values. A stripe owns a stretch first..last of one resource; its
-- stretches together are the resource, without gap or overlap. `free` is the
-- set of values in it that can be taken, as a multirange: a /64 is one range in
-- one row. `room` is their exact number, so that used = (last - first + 1) - room.
--
-- The stripe is the unit of locking: one allocation updates one stripe and
-- inserts one lease. A resource begins with one stripe. An allocator that had
-- to wait for another one splits the stripe that it waited for, so that a pool
-- has as many as it has had simultaneous users; and a stripe whose set has
-- fallen into many pieces is split, so that a row stays small.
--
-- No indexed column changes when a value is taken, until the last one: the
-- update stays in its page (HOT). `flow` is the decayed number of values taken
-- less those given back (see berth.flow()), from which a pool's end is foretold.
--
-- This is the hottest row there is, so there are no checks and no foreign keys:
-- the server reads the text of a check anew for each statement, which made
-- allocation a tenth slower. Doctor looks instead.
create table berth.stripe (
	pool uuid not null,
	resource uuid not null,
	host text collate "C" not null,
	first numeric(39) not null,
	last numeric(39) not null,
	free nummultirange not null,
	room numeric not null,
	usable bool not null default true,
	open bool not null,
	flow float8 not null default 0,
	flow_at timestamptz not null default now(),
	constraint stripe_pkey primary key (resource, first)
) with (fillfactor = 25, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create index stripe_open on berth.stripe (pool, open, host, first);

-- One order for everything that happens.
create sequence berth.event_seq;

-- A value that a person or a program holds. The birth of a lease is told by its own row
-- (seq, created, created_by, detail), not by an event beside it: allocation is
-- the hot path. `part` of `parts` are of one request of many.
create table berth.lease (
	id uuid not null constraint lease_pkey primary key,
	seq bigint not null default nextval('berth.event_seq'),
	pool uuid not null constraint lease_pool_fkey references berth.pool,
	resource uuid constraint lease_resource_fkey references berth.resource,
	value numeric(39),
	state text not null constraint lease_state_known
		check (state in ('pending', 'acquired', 'active', 'released', 'destroyed', 'broken')),
	holder text not null,
	project uuid,
	priority int not null,
	until timestamptz,
	created timestamptz not null default now(),
	acquired timestamptz,
	activated timestamptz,
	released timestamptz,
	destroyed timestamptz,
	generation bigint not null default 1,
	created_by text not null default session_user,
	detail jsonb,
	parts int not null default 1,
	constraint lease_until_ahead check (until > created and until < 'infinity'),
	constraint lease_holder_short check (char_length(holder) <= 200),
	constraint lease_value_held check (state in ('pending', 'destroyed') or (resource is not null and value is not null))
);
create unique index lease_held on berth.lease (resource, value) where state <> 'destroyed';
create index lease_live on berth.lease (seq) where state <> 'destroyed';
create index lease_pool on berth.lease (pool, seq) where state <> 'destroyed';
create index lease_past on berth.lease (resource, value, destroyed) where state = 'destroyed';
create index lease_past_seq on berth.lease (seq) where state = 'destroyed';
create index lease_past_pool on berth.lease (pool, seq) where state = 'destroyed';
create index lease_pending on berth.lease (pool, priority desc, seq) where state = 'pending';
create index lease_until on berth.lease (until) where until is not null and state <> 'destroyed';

-- Words of people about things. One row a key, by constraint: a prefix is '', never NULL.
create table berth.label (
	kind text not null,
	target uuid not null,
	prefix text not null,
	name text not null,
	value text not null,
	constraint label_pkey primary key (target, prefix, name)
);

-- The append-only record of each change. Nobody may update or delete a row.
create table berth.event (
	seq bigint not null default nextval('berth.event_seq') constraint event_pkey primary key,
	at timestamptz not null default now(),
	actor text not null default session_user,
	action text not null,
	kind text not null,
	target uuid not null,
	command uuid,
	before jsonb,
	after jsonb,
	detail jsonb
);
create index event_target on berth.event (kind, target, seq);

-- The requests that act at once, by the id that their sender chose: the same
-- request again is answered and not repeated, another one under its id refused.
create table berth.request (
	id uuid not null constraint request_pkey primary key,
	action text not null,
	target text not null,
	digest text not null,
	at timestamptz not null default now(),
	answer jsonb not null
);
