-- The invariants that the worker's housekeeping looks at, a few things at a time.

-- A breach of an invariant: what a check answers with.
create type berth.breached as (name text, kind text, target uuid, example text);

-- What has been found broken and not been mended since: one row for an invariant and a thing, which checks found it,
-- since when, and when it was looked at last.
create table berth.breach (
	checks text not null,
	name text not null,
	kind text not null,
	target uuid not null,
	example text not null,
	since timestamptz not null default now(),
	seen timestamptz not null default now(),
	constraint breach_pkey primary key (name, target)
);

-- Where the inspection is: the part, the last thing of it that was looked at, null at its start, and when it goes on.
-- The row is locked by the worker that inspects.
create table berth.inspection (
	one bool not null default true constraint inspection_pkey primary key constraint inspection_one check (one),
	part int not null,
	mark text,
	due timestamptz not null
);
insert into berth.inspection (part, due) values (1, '-infinity');
