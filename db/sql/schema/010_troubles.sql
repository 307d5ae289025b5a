-- Work that could not be done, and was stepped over so that the rest goes on: the part of the work, the thing, and the
-- error's words. A thing is tried again a minute after it was `seen`, and forgotten a day after.
create table berth.trouble (
	part text not null,
	kind text not null,
	target uuid not null,
	words text not null,
	since timestamptz not null default now(),
	seen timestamptz not null default now(),
	constraint trouble_pkey primary key (part, target)
);

-- Why a bulk makes no more children: an error, and then it ends as failed, whatever became of them; or that it was
-- cancelled.
alter table berth.command add column stopped text;
