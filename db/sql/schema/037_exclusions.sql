-- Values that are kept back: `excluded` are those of a stripe, held by a lease or not, which a release does not give
-- back, and `kept` is the exact number of them that no lease holds. So
-- used = (last - first + 1) - room - resting - kept.
alter table berth.stripe add column excluded nummultirange not null default '{}',
	add column kept numeric not null default 0;

-- The reasons for which they are kept back. The ranges of a resource do not overlap, and are together what its stripes exclude.
create table berth.exclusion (
	pool uuid not null,
	resource uuid not null,
	first numeric(39) not null,
	last numeric(39) not null,
	reason text not null,
	author text not null default session_user,
	at timestamptz not null default clock_timestamp(),
	constraint exclusion_pkey primary key (resource, first),
	constraint exclusion_ordered check (first <= last),
	constraint exclusion_reason_short check (char_length(reason) <= 1000)
);
create index exclusion_pool on berth.exclusion (pool, first);
