-- Runs of dedupe: each step finds the next one from the run and the catalogue, so a run can be killed at any point.
--
-- No step waits longer than 50 ms for a lock that makes others wait after it; it gives up, and reports who is in the
-- way. Statements that cannot run in a transaction are sent by themselves: a step reports that, and dedupe_statement
-- returns the text.

-- Functions that write berth's tables for a step are marked SECURITY DEFINER, and every admin may call them. Each
-- checks that the caller has the claim: the newest epoch of an unfinished run, in the process that has just entered it,
-- and a role that owns the table. The calling role counts (berth.caller), not the one that has logged in, whose session
-- may run foreign code as these functions. An owner with false data can only harm their own table, which they can write
-- anyway.

-- Locks the run for this step, and refuses a claim that is not the newest. Records how long the last step may have kept
-- writers waiting. No one waits for the disk while a step has locks: a crash of the server loses the last steps as a
-- whole, and they are then repeated.
create or replace function berth.dedupe_enter(asked_run uuid, asked_epoch bigint, since timestamptz,
	token uuid default berth.caller()) returns berth.dedupe_run
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
	r berth.dedupe_run;
begin
	perform set_config('synchronous_commit', 'off', true);
	select * into r from berth.dedupe_run where id = asked_run and epoch = asked_epoch;
	if r.id is null then
		perform berth.refuse('conflict', format('somebody else goes on with run %s', asked_run));
	elsif not exists (select from pg_class where oid = r.relation) then
		perform berth.refuse('not_found', format('table %s of run %s is gone', r.name, r.id), '{}',
			format('berth dedupe forget %s', r.id));
	end if;
	perform berth.dedupe_refuse_stranger(r.relation, who);
	update berth.dedupe_run set
		longest_block = greatest(longest_block, extract(epoch from now() - locked) * 1e6), locked = null,
		pid = pg_backend_pid(), backend_start = since
	where id = asked_run and epoch = asked_epoch
	returning * into r;
	if r.id is null then
		perform berth.refuse('conflict', format('somebody else goes on with run %s', asked_run));
	end if;
	return r;
end $$;

-- Returns the run to the functions below, for a step that has entered it and is done by this role.
create or replace function berth.dedupe_claimed_by(asked_run uuid, asked_epoch bigint, who name, wanted text[])
	returns berth.dedupe_run
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run;
begin
	select * into r from berth.dedupe_run where id = asked_run and epoch = asked_epoch and pid = pg_backend_pid()
		and state = any (wanted) for update;
	if r.id is null then
		perform berth.refuse('not_allowed', format('run %s is not this process''s to write', asked_run));
	end if;
	perform berth.dedupe_refuse_stranger(r.relation, who);
	return r;
end $$;

create or replace function berth.dedupe_claimed(asked_run uuid, asked_epoch bigint, token uuid,
	wanted text[] default '{running,undoing}') returns berth.dedupe_run
language sql volatile set search_path = pg_catalog, pg_temp return
	berth.dedupe_claimed_by(asked_run, asked_epoch, berth.called_by(token), wanted);

-- Records the progress of a step. `locked` is when it got a lock that writers wait for. A run has an index from the
-- phase "index" on.
create or replace function berth.dedupe_note(asked_run uuid, asked_epoch bigint, asked_phase text,
	asked_locked timestamptz default null,
	token uuid default berth.caller()) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run := berth.dedupe_claimed(asked_run, asked_epoch, token);
begin
	if asked_phase is null or asked_phase <> all (case r.state
		when 'running' then array['index', 'guard', 'find', 'remove', 'rewrite', 'unique', 'drop', 'attach', 'clean']
		else array['detach', 'unindex', 'restore'] end)
	then
		perform berth.refuse('invalid_input', format('a run that is %s has no such phase', r.state));
	end if;
	update berth.dedupe_run set phase = asked_phase, locked = coalesce(asked_locked, locked),
		mark = case when phase = asked_phase or state = 'undoing' then mark else 0 end,
		chunk = case when phase = asked_phase or state = 'undoing' then chunk else 32 end,
		indexed = indexed or asked_phase = 'index'
	where id = r.id;
end $$;

-- Records the duration of a chunk, and sets the size of the next one so that it locks rows for less than 100 ms.
create or replace function berth.dedupe_pace(asked_run uuid, asked_epoch bigint, asked_mark bigint, since timestamptz,
	token uuid default berth.caller()) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run := berth.dedupe_claimed(asked_run, asked_epoch, token);
begin
	update berth.dedupe_run set mark = coalesce(asked_mark, mark), locked = since, chunk = case
		when clock_timestamp() - since > interval '50 ms' then greatest(chunk / 2, 1)
		when clock_timestamp() - since < interval '25 ms' then least(chunk * 2, 4096) else chunk end
	where id = r.id;
end $$;

-- Stores the keys that have duplicates, with hash and at. They are processed in the order of the table where that is
-- known, which causes fewer disk seeks than the order of the hashes.
create or replace function berth.dedupe_found(asked_run uuid, asked_epoch bigint, many berth.dedupe_todo[],
	token uuid default berth.caller()) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run := berth.dedupe_claimed(asked_run, asked_epoch, token, '{running}');
begin
	insert into berth.dedupe_todo (run, hash, at) select r.id, f.hash, f.at from unnest(many) f order by f.at
	on conflict (run, hash) do update set at = excluded.at;
	update berth.dedupe_run set total = (select count(*) from berth.dedupe_todo where run = r.id), looked = 0, mark = 0,
		round = round + 1, gone = 0
	where id = r.id;
end $$;

-- Archives removed, rewritten or moved rows, which must have the form of the run's rows. Moved ones are of a table that
-- the caller may write: an undo by somebody else changes no other.
create or replace function berth.dedupe_archive(asked_run uuid, asked_epoch bigint, lost berth.dedupe_row[],
	token uuid default berth.caller()) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
	r berth.dedupe_run := berth.dedupe_claimed_by(asked_run, asked_epoch, who, '{running}');
	n bigint;
begin
	if exists (select from unnest(lost) l where l.row_id is null or l.rule is null
		or num_nonnulls(l.fields, l.emptied, l.was) <> 1 or (l.was is null) <> (l.place is null)
		or cardinality(l.fields) <> jsonb_array_length(r.columns)
		or not l.emptied <@ array(select jsonb_array_elements_text(r.ask->'null_as_empty'))
		or (l.was is not null and not exists (select from berth.dedupe_reference d where d.run = r.id
			and d.place = l.place and cardinality(d.columns) = all (array[cardinality(l.was), cardinality(l.became)])
			and has_table_privilege(who, d.relation, 'update'))))
	then
		perform berth.refuse('invalid_input', format('a row is none of run %s', r.id));
	end if;
	insert into berth.dedupe_row (run, row_id, survivor, rule, fields, emptied, differs, place, was, became)
	select r.id, l.row_id, l.survivor, l.rule, l.fields, l.emptied, coalesce(l.differs, false), l.place, l.was, l.became
	from unnest(lost) l;
	get diagnostics n = row_count;
	update berth.dedupe_run set removed = removed + case when (lost[1]).fields is not null then n else 0 end,
		rewritten = rewritten + case when (lost[1]).emptied is not null then n else 0 end,
		repointed = repointed + case when (lost[1]).was is not null then n else 0 end
	where id = r.id;
	return n;
end $$;

-- Records that some rows were removed from a key that has more: where the others are, if that is kept at all, and
-- whether values differed.
create or replace function berth.dedupe_sliced(asked_run uuid, asked_epoch bigint, asked_hash bigint, rest tid[],
	differing bool,
	token uuid default berth.caller()) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run := berth.dedupe_claimed(asked_run, asked_epoch, token, '{running}');
begin
	update berth.dedupe_todo set differed = differed or coalesce(differing, false), at = case when at is not null
		then rest end
	where run = r.id and hash = asked_hash;
end $$;

-- Records the hashes that are done, and those that were put back because someone else has locked their rows, with the
-- number of groups, of conflicts and of keys whose rows were gone.
create or replace function berth.dedupe_looked(asked_run uuid, asked_epoch bigint, done bigint[], back bigint[],
	more_groups bigint,
	more_conflicting bigint, more_gone bigint, token uuid default berth.caller()) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
	r berth.dedupe_run := berth.dedupe_claimed(asked_run, asked_epoch, token, '{running}');
begin
	with kept as (
		delete from berth.dedupe_todo where run = r.id and hash = any (done || back) returning hash, differed, at
	)
	insert into berth.dedupe_todo (run, hash, differed, at) select r.id, hash, differed, at from kept
		where hash = any (back);
	update berth.dedupe_run set looked = looked + cardinality(done), groups = groups + more_groups,
		conflicting = conflicting + more_conflicting,
		gone = gone + more_gone
	where id = r.id;
end $$;

-- Ends the run in either direction.
create or replace function berth.dedupe_end(asked_run uuid, asked_epoch bigint,
	token uuid default berth.caller()) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run := berth.dedupe_claimed(asked_run, asked_epoch, token);
begin
	if r.phase <> all (array['clean', 'restore']) then
		perform berth.refuse('invalid_input', format('run %s is not at its end', r.id));
	end if;
	perform set_config('synchronous_commit', (select reset_val from pg_settings where name = 'synchronous_commit'),
		true);
	delete from berth.dedupe_todo where run = r.id;
	update berth.dedupe_run set state = case r.state when 'running' then 'done' else 'undone' end, phase = 'end',
		finished = now() where id = r.id;
end $$;

-- Locks the table against writers or against everyone, and fails if someone is in the way; no one waits for that longer
-- than 100 ms. First asks vacuum to make room, which keeps no writer waiting.
create or replace function berth.dedupe_lock(relation oid, mode text) returns timestamptz
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
	perform set_config('lock_timeout', '1500ms', true);
	execute format('lock table only %s in share update exclusive mode', berth.dedupe_name(relation));
	perform set_config('lock_timeout', '50ms', true);
	execute format('lock table only %s in %s mode', berth.dedupe_name(relation), mode);
	return clock_timestamp();
end $$;

-- Returns the processes with locks on the table that a short lock of ours has to wait for.
create or replace function berth.dedupe_holders(relation oid) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp return (
	select coalesce(jsonb_agg(distinct l.pid), '[]') from pg_locks l
	where l.locktype = 'relation' and l.relation = dedupe_holders.relation and l.granted and l.pid <> pg_backend_pid()
		and l.database = (select oid from pg_database where datname = current_database()));

-- Returns the processes that another process waits for; a statement takes one lock at a time.
create or replace function berth.dedupe_blockers(asked_pid int) returns table (pid bigint)
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select b::bigint from (
		select unnest(pg_blocking_pids(asked_pid)) union
		select p.current_locker_pid from pg_stat_progress_create_index p where p.pid = asked_pid
			and p.current_locker_pid <> 0) x (b)
	order by 1;
end;

-- Returns the name of the guard's objects, also of the index that it uses, which keeps its name when the guard is made
-- again.
create or replace function berth.dedupe_guard_name(named uuid) returns text
language sql immutable set search_path = pg_catalog, pg_temp return 'berth_guard_' || replace(named::text, '-', '');

-- Returns whether an index of the table, given by name, is valid; null if there is none.
create or replace function berth.dedupe_index(relation oid, name text) returns bool
language sql stable set search_path = pg_catalog, pg_temp return
	(select i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = relation
		and c.relname = name);

create or replace function berth.dedupe_index_name(relation oid, name text) returns text
language sql stable set search_path = pg_catalog, pg_temp return
	(select format('%I.%I', n.nspname, name) from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.oid = relation);

-- Returns the next statement of this run that must be sent by itself; null if there is none.
create or replace function berth.dedupe_alone(r berth.dedupe_run) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	guard text := berth.dedupe_guard_name(r.id);
	name text := case when r.phase in ('unique', 'drop') then r.constraint_name else guard end;
	valid bool := berth.dedupe_index(r.relation, name);
	p record;
begin
	if r.phase = 'unindex' and valid is null and not r.standing then
		name := r.constraint_name;
		valid := berth.dedupe_index(r.relation, name);
	end if;
	if r.phase = 'drop' and r.guard is null and (valid or not berth.dedupe_leftover(r.relation, r.ask, name)) then
		return null;
	elsif valid is not null and (r.phase in ('drop', 'clean', 'unindex') or (r.phase = 'index' and not valid)) then
		return format('drop index concurrently if exists %s', berth.dedupe_index_name(r.relation, name));
	elsif r.phase = 'index' and valid is null then
		select * into p from berth.dedupe_parts(r.relation, r.ask, '');
		return format('create index concurrently %I on only %s ((%s))', name, berth.dedupe_name(r.relation), p.hash);
	elsif r.phase = 'unique' and valid is null and not r.standing then
		return format('create unique index concurrently %I on only %s (%s)%s%s', name, berth.dedupe_name(r.relation),
			berth.dedupe_index_columns(r.ask),
			case when current_setting('server_version_num')::int >= 150000 and exists (
				select from berth.dedupe_columns(r.relation) c where r.ask->'key' ? c.name and c.nullable)
				then ' nulls not distinct' else '' end,
			coalesce(' where ' || berth.dedupe_live(r.ask, ''), ''));
	end if;
	return null;
end $$;

-- Returns a statement to send by itself. It begins a transaction of its own, whose limits can only be set on the
-- session; they are removed. The next step restores them (dedupe_limits); through a pooler no run begins at all.
create or replace function berth.dedupe_statement(asked_run uuid, asked_epoch bigint) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	statement text := berth.dedupe_alone(berth.dedupe_enter(asked_run, asked_epoch, berth.dedupe_since()));
begin
	if statement is not null then
		perform set_config('lock_timeout', '0', false), set_config('statement_timeout', '0', false),
			set_config('client_connection_check_interval', '50ms', false);
	end if;
	return statement;
end $$;

-- The progress of a run. The next statement may have to be sent by itself, or only after a pause (microseconds), since
-- a process is in the way.
drop type if exists berth.dedupe_progress cascade;
create type berth.dedupe_progress as (run uuid, state text, phase text, alone bool, done bigint, total bigint,
	pause bigint, blocker bigint);

-- Locks the table for a step, unless someone is in the way for longer than a moment. The guard still exists when an
-- undo begins.
create or replace function berth.dedupe_held(r berth.dedupe_run) returns bool
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
	perform set_config('lock_timeout', '1500ms', true);
	perform berth.dedupe_hold(r.relation, case when r.state = 'running' then 'delete' when r.phase = 'detach'
		then 'undo' else 'insert' end);
	perform berth.dedupe_hold_moved(r.relation, berth.dedupe_moved_by(r.id));
	perform set_config('lock_timeout', '0', true);
	return true;
exception when lock_not_available then
	return false;
end $$;

create or replace function berth.dedupe_step(asked_run uuid, asked_epoch bigint) returns berth.dedupe_progress
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run := berth.dedupe_enter(asked_run, asked_epoch, berth.dedupe_since());
	blockers jsonb;
begin
	if berth.dedupe_alone(r) is not null then
		return (r.id, r.state, r.phase, true, 0, 0, 0, 0)::berth.dedupe_progress;
	elsif r.state in ('running', 'undoing') and not berth.dedupe_held(r) then
		return berth.dedupe_progress_of(r.id, berth.dedupe_holders(r.relation));
	end if;
	case r.phase
		when 'index' then perform berth.dedupe_note(r.id, r.epoch, 'guard');
		when 'guard' then blockers := berth.dedupe_guard(r);
		when 'find' then perform berth.dedupe_find(r);
		when 'remove' then blockers := berth.dedupe_remove(r);
		when 'rewrite' then blockers := berth.dedupe_rewrite(r);
		when 'unique' then perform berth.dedupe_note(r.id, r.epoch,
			case when r.standing or berth.dedupe_index(r.relation, r.constraint_name) then 'attach' else 'drop' end);
		when 'drop' then perform berth.dedupe_note(r.id, r.epoch,
			case when r.guard is null and not r.indexed then 'guard' when r.guard is null or not r.indexed then 'index'
				else 'find' end);
		when 'attach' then blockers := berth.dedupe_attach(r);
		when 'clean' then perform berth.dedupe_end(r.id, r.epoch);
		when 'detach' then blockers := berth.dedupe_detach(r);
		when 'unindex' then perform berth.dedupe_note(r.id, r.epoch, 'restore');
		when 'restore' then perform berth.dedupe_restore(r);
		else null;
	end case;
	return berth.dedupe_progress_of(r.id, blockers);
end $$;

create or replace function berth.dedupe_progress_of(asked_run uuid, blockers jsonb) returns berth.dedupe_progress
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run;
begin
	select * into r from berth.dedupe_run where id = asked_run;
	return (r.id, r.state, r.phase, false, case r.phase when 'remove' then r.looked
			when 'restore' then r.restored else 0 end,
		case r.phase when 'remove' then r.total when 'restore' then r.removed else 0 end,
		case when blockers is null then 0 else 100000 + 200000 * random() end, coalesce((blockers->>0)::bigint,
			0))::berth.dedupe_progress;
end $$;

-- Removes the guard of a failed run that will not be continued now: others can write freely again, and a later
-- continuation makes a new guard.
create or replace function berth.dedupe_leave(asked_run uuid, asked_epoch bigint) returns berth.dedupe_progress
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run := berth.dedupe_enter(asked_run, asked_epoch, berth.dedupe_since());
	since timestamptz;
	blockers jsonb;
begin
	if r.state = 'running' and r.guard is not null then
		begin
			since := berth.dedupe_lock(r.relation, 'access exclusive');
			perform berth.dedupe_unguard(r);
			perform berth.dedupe_note(r.id, r.epoch, case when r.indexed then 'index' else 'guard' end, since);
		exception when lock_not_available then
			blockers := berth.dedupe_holders(r.relation);
		end;
	end if;
	return berth.dedupe_progress_of(r.id, blockers);
end $$;
