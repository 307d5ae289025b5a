-- The invariants that the worker's housekeeping looks at, a piece at a time.

-- A breach of an invariant: what a check answers with. Kind and target name the thing that is broken.
create type berth.breached as (name text, kind text, target uuid, example text);

-- Breaches that were found and have not been mended since: one row for an invariant and a thing; the part of the check
-- and the key of the piece by which it is found again, since when it is known, and when it was looked at last.
create table berth.breach (
	part text not null,
	key text collate "C" not null,
	name text not null,
	kind text not null,
	target uuid not null,
	example text not null,
	since timestamptz not null default now(),
	seen timestamptz not null default now(),
	constraint breach_pkey primary key (name, target)
);
create index breach_key on berth.breach (part, key);

-- The place of the inspection: the part, the key in it up to which it has come, null at its start, and when it goes on.
-- The row is locked by the worker that inspects.
create table berth.inspection (
	one bool not null default true constraint inspection_pkey primary key constraint inspection_one check (one),
	part text not null,
	key text,
	due timestamptz not null
);
insert into berth.inspection (part, due) values ('resources', '-infinity');
