-- What is recorded has the time at which it was done, not that at which its transaction began: the times of a thing
-- are in the order of its changes.
alter table berth.event alter column at set default clock_timestamp();
alter table berth.command alter column created set default clock_timestamp();

-- A clock that was ahead and has been corrected leaves leases that seem to be born in the future. They can still be
-- given an end; that it is not in the past is judged by the present, in the routines.
alter table berth.lease drop constraint lease_until_ahead,
	add constraint lease_until_ahead check (until < 'infinity') not valid;

-- A command without a grace is due whatever the clock says: it has no time before which it is not to be applied, which
-- sorts before all that have one. `waits_from` is where a grace, or a delay before the next try, began: one that began
-- in the future is of a clock that has been corrected since, and begins anew (berth.clock_back()).
alter table berth.command alter column not_before set default '-infinity', add column waits_from timestamptz;
update berth.command set not_before = '-infinity' where state = 'queued' and not_before <= now();
update berth.command set waits_from = now() where state = 'queued' and not_before > now();
create index command_waits on berth.command (waits_from) where state = 'queued' and waits_from is not null;
create index lease_rests_from on berth.lease (released) where rest_until is not null;

-- Since when the clock has gone on without a leap, as far as the workers have seen it, and when they saw it last.
create table berth.clock (
	one bool not null default true constraint clock_pkey primary key constraint clock_one check (one),
	since timestamptz not null,
	seen timestamptz not null
);
insert into berth.clock (since, seen) values ('-infinity', now());
