-- The record of changes in parts of a month, so that what is old is dropped with its part: that costs the same for any
-- number of events, and leaves no dead row behind.
--
-- A part holds the numbers of a span, which is far more than a month can need. A month begins with the first number of
-- the next part, and the rest of the span before is left out; so a part is known by its numbers, whatever the clock
-- shows. One part is always ready before the first number of it is drawn: berth.begin_part().
create table berth.event_part (
	first bigint not null constraint event_part_pkey primary key,
	past bigint not null, -- the first number of the next part
	begun timestamptz,    -- when its first number was drawn; null for the part ahead
	constraint event_part_ascends check (first < past)
);

-- Up to this number the events have been carried to their end: what ended with them is deleted.
create table berth.forgotten (
	one bool not null default true constraint forgotten_pkey primary key constraint forgotten_one check (one),
	seq bigint not null
);
insert into berth.forgotten (seq) values (0);

-- The events of before become the first part. They are read once, to see that the numbers are below the next one.
alter table berth.event rename to event_0;
alter table berth.event_0 rename constraint event_pkey to event_0_pkey;
alter index berth.event_target rename to event_0_target;
create table berth.event (like berth.event_0 including defaults including constraints including storage,
	constraint event_pkey primary key (seq)) partition by range (seq);
create index event_target on berth.event (target, seq);
do $$
declare
	span constant bigint := 1000000000;
	past bigint := ((select last_value from berth.event_seq) / span + 1) * span;
begin
	execute format('alter table berth.event attach partition berth.event_0 for values from (minvalue) to (%s)', past);
	execute format('create table berth.event_%s partition of berth.event for values from (%s) to (%s)',
		past, past, past + span);
	insert into berth.event_part (first, past, begun) values (0, past, now()), (past, past + span, null);
end $$;
