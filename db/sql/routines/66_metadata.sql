-- Writes labels and annotations, under the row lock of their target.

drop type if exists berth.metadata_edit cascade;

-- A change of the labels or annotations of a target: all of them before and after, the members that it sets, and those
-- that it deletes. `place` is the target's state and generation, where it has them.
create type berth.metadata_edit as (
	what text, kind text, target uuid, seq bigint, place jsonb, before jsonb, after jsonb, changed jsonb, gone jsonb);

-- Returns the change that sets `asked_set` ({key: value}), deletes `asked_gone` ([key]), and keeps the rest.
create or replace function berth.plan_edit(what text, kind text, target uuid, seq bigint, state text, generation bigint,
	asked_set jsonb, asked_gone jsonb)
returns berth.metadata_edit language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	e berth.metadata_edit;
begin
	e := (what, kind, target, seq, jsonb_strip_nulls(jsonb_build_object('state', state, 'generation', generation)),
		berth.metadata(what, target), null, null, null);
	e.after := (e.before - array(select jsonb_array_elements_text(asked_gone))) || asked_set;
	select coalesce(jsonb_object_agg(key, value), '{}') into e.changed from jsonb_each(e.after)
		where e.before->key is distinct from value;
	select coalesce(jsonb_object_agg(key, value), '{}') into e.gone from jsonb_each(e.before) where not e.after ? key;
	return e;
end $$;

-- Returns the greatest number of labels or annotations of a target.
create or replace function berth.metadata_limit(asked_what text) returns int
language sql immutable parallel safe return case asked_what when 'label' then 50 else 200 end;

-- Returns how a target would have too many labels or annotations, or null. They are counted after the whole write, and
-- only where their number grows.
create or replace function berth.too_many(asked_what text, asked_target text, before bigint, after bigint) returns text
language sql immutable parallel safe return case when after > berth.metadata_limit(asked_what) and after > before then
	format('%s would have %s %ss, and has %s: the limit is %s', asked_target, after, asked_what, before,
		berth.metadata_limit(asked_what)) end;

-- Raises limit_exceeded for them.
create or replace function berth.refuse_too_many(asked_what text, asked_target text, before bigint, after bigint)
	returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	most int := berth.metadata_limit(asked_what);
begin
	if after > most and after > before then
		perform berth.refuse('limit_exceeded', berth.too_many(asked_what, asked_target, before, after),
			jsonb_build_object('target', asked_target, 'limit', most, 'used', before, 'asked', after));
	end if;
end $$;

-- Locks a target whose labels or annotations are to be written, so that writers come one after the other and the count
-- stays true, and returns it. Raises invalid_input, and precondition_failed for a destroyed target.
create or replace function berth.lock_metadata_target(scope jsonb, out kind text, out id uuid, out seq bigint,
	out state text,
	out generation bigint)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	kind := scope->>'kind';
	id := (scope->>'id')::uuid;
	seq := 0;
	if kind not in ('lease', 'resource', 'pool', 'org', 'project') then
		perform berth.refuse('invalid_input', format('a %s has no labels and annotations', kind), scope);
	end if;
	perform berth.lock_key(kind, id);
	case kind
	when 'lease' then
		select l.seq, l.state, l.generation into seq, state, generation from berth.lease l
			where l.id = lock_metadata_target.id;
	when 'resource' then
		select r.state, r.generation into state, generation from berth.resource r where r.id = lock_metadata_target.id;
	when 'project' then
		select j.state, j.generation into state, generation from berth.project j where j.id = lock_metadata_target.id;
	when 'org' then
		select o.generation into generation from berth.organization o where o.id = lock_metadata_target.id;
	else
		select 'destroyed' into state from berth.pool p where p.id = lock_metadata_target.id
			and p.destroyed is not null;
	end case;
	if state = 'destroyed' then
		perform berth.refuse('precondition_failed', format('%s is destroyed', berth.target_text(kind, id)),
			jsonb_build_object('target', berth.target_text(kind, id), 'state', state));
	end if;
end $$;

-- Returns the members of an object that another one has too.
create or replace function berth.common(object jsonb, other jsonb) returns jsonb
language sql immutable parallel safe return
	(select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(object) where other ? key);

-- Sets and deletes what differs: one statement each, in the order of the keys.
create or replace function berth.write_metadata(e berth.metadata_edit) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if e.what = 'label' then
		delete from berth.label where target = e.target and e.gone ? berth.key_text(prefix, name);
		insert into berth.label (kind, target, prefix, name, value, seq)
		select e.kind, e.target, berth.key_prefix(key), berth.key_name(key), value, e.seq
		from jsonb_each_text(e.changed) order by key
		on conflict on constraint label_pkey do update set value = excluded.value;
	else
		delete from berth.annotation where target = e.target and e.gone ? berth.key_text(prefix, name);
		insert into berth.annotation (kind, target, prefix, name, value)
		select e.kind, e.target, berth.key_prefix(key), berth.key_name(key), value
		from jsonb_each_text(e.changed) order by key
		on conflict on constraint annotation_pkey do update set value = excluded.value;
	end if;
end $$;

-- Makes a change, with an event for what it sets and one for what it deletes.
create or replace function berth.make_edit(actor text, e berth.metadata_edit, asked_command uuid, asked_detail jsonb)
	returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	name text := e.what || 's';
begin
	perform berth.write_metadata(e);
	if e.changed <> '{}' then
		perform berth.add_event(actor, 'set', e.kind, e.target, asked_command,
			e.place || jsonb_build_object(name, berth.common(e.before, e.changed)),
			e.place || jsonb_build_object(name, e.changed), asked_detail);
	end if;
	if e.gone <> '{}' then
		perform berth.add_event(actor, 'remove', e.kind, e.target, asked_command,
			e.place || jsonb_build_object(name, e.gone), e.place || jsonb_build_object(name, '{}'::jsonb),
			asked_detail);
	end if;
end $$;

-- Checks what is to be set, {KEY: VALUE}, and the keys that are to be deleted, which may be any text.
create or replace function berth.check_edit(what text, asked_set jsonb, asked_gone jsonb) returns text
language sql immutable parallel safe return coalesce(
	berth.check_labels(what, asked_set),
	berth.check_texts('deleted keys', asked_gone),
	berth.check_that('keys', not asked_set ?| array(select jsonb_array_elements_text(asked_gone)),
		'one is set and deleted'));

-- Checks the labels of a queued command: {"set": {KEY: VALUE}, "gone": [KEY]}.
create or replace function berth.check_label_edit(labels jsonb) returns text
language sql immutable parallel safe return case
	when jsonb_typeof(labels) is distinct from 'object' then 'labels: an object is needed'
	else coalesce(
		berth.check_that('labels', labels - array['set', 'gone'] = '{}', 'only "set" and "gone" are known'),
		berth.check_edit('label', labels->'set', labels->'gone'),
		berth.check_that('labels', labels->'set' <> '{}' or labels->'gone' <> '[]', 'one is needed'))
end;

-- Applies a command that labels its target, whose key is locked, and ends it.
create or replace function berth.apply_label(actor text, c berth.command, asked_seq bigint, asked_state text,
	asked_generation bigint)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	e berth.metadata_edit;
	refused text;
begin
	perform berth.accept(berth.check_label_edit(c.arguments->'labels'));
	e := berth.plan_edit('label', c.kind, c.target, asked_seq, asked_state, asked_generation,
		c.arguments->'labels'->'set', c.arguments->'labels'->'gone');
	refused := berth.too_many('label', berth.target_text(c.kind, c.target), berth.key_count(e.before),
		berth.key_count(e.after));
	if e.changed = '{}' and e.gone = '{}' then
		perform berth.end_command(actor, c.id, 'noop', 'the labels are so already');
	elsif refused is not null then
		perform berth.end_command(actor, c.id, 'failed', refused);
	else
		perform berth.make_edit(actor, e, c.id, null);
		perform berth.end_command(actor, c.id, 'applied', concat_ws(', ',
			case when e.changed <> '{}' then berth.key_count(e.changed) || ' set' end,
			case when e.gone <> '{}' then berth.key_count(e.gone) || ' deleted' end));
	end if;
end $$;

-- Applies such commands of leases.
create or replace function berth.label_leases(actor text, commands uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.apply_label(actor, c, l.seq, l.state, l.generation)
	from unnest(commands) one (id) join berth.command c on c.id = one.id join berth.lease l on l.id = c.lane;
end $$;

-- Merges labels or annotations: sets `asked_set` ({key: value}), deletes `asked_gone` ([key]), and keeps the rest.
-- Returns all that exist then. A write that changes nothing makes no event. The generation stays: it counts changes of
-- the target itself. Locks the target. Raises not_found, limit_exceeded, id_conflict, precondition_failed.
create or replace function berth.edit_metadata(asked_id uuid, asked_what text, asked_target jsonb, asked_set jsonb,
	asked_gone jsonb,
	asked_detail jsonb)
returns json language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	t record;
	scope jsonb;
	sent text := berth.digest(jsonb_build_array(asked_what, asked_target, asked_set, asked_gone));
	e berth.metadata_edit;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_word('metadata', asked_what, array['label', 'annotation']),
		berth.check_target(asked_target),
		berth.check_edit(asked_what, asked_set, asked_gone),
		berth.check_detail(asked_detail)));
	-- A repeated request, also when its target is gone by now.
	select answer into scope from berth.request where id = asked_id and answer->>'sent' = sent;
	if not found then
		scope := berth.resolve(asked_target) || jsonb_build_object('sent', sent);
		if berth.replayed(asked_id, asked_what, coalesce(berth.target_text(scope->>'kind', (scope->>'id')::uuid), ''),
				berth.digest(jsonb_build_array(asked_set, asked_gone))) is null then
			select * into t from berth.lock_metadata_target(scope);
		end if;
	end if;
	if t is null then
		return berth.ordered_json(berth.metadata(asked_what, (scope->>'id')::uuid));
	end if;
	perform berth.remember(asked_id, scope);
	e := berth.plan_edit(asked_what, t.kind, t.id, t.seq, t.state, t.generation, asked_set, asked_gone);
	perform berth.refuse_too_many(asked_what, berth.target_text(t.kind, t.id), berth.key_count(e.before),
		berth.key_count(e.after));
	perform berth.make_edit(session_user, e, null, asked_detail);
	return berth.ordered_json(e.after);
end $$;
