-- The guard of a run is made new under a name that nobody can foresee, and what its owner has made for it is noted here.
alter table berth.dedupe_run
	add column guard uuid,
	add column guard_function oid,
	alter column backend_start drop not null;

-- True if the rows of the key differed; and the rows that have been put back.
alter table berth.dedupe_row
	add column differs bool not null default false,
	add column put_back bool not null default false;

-- In the schema of the guards others could create: whatever is in it is theirs, or a leftover, and is not adopted. Runs that
-- were left unfinished make a new guard.
drop schema berth_guard cascade;
create schema berth_guard;
update berth.dedupe_run set phase = case when indexed then 'index' else 'guard' end, mark = 0
where state = 'running' and phase in ('find', 'remove', 'rewrite', 'unique', 'drop', 'attach');
update berth.dedupe_row d set put_back = true from berth.dedupe_run r where r.id = d.run and r.state = 'undoing' and r.mark > 0 and d.seq >= r.mark;
