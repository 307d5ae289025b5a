-- Writes labels and annotations, under the row lock of their target.

-- Raises limit_exceeded for too many labels or annotations. They are counted after the whole write, and only where
-- their number grows.
create or replace function berth.refuse_too_many(asked_what text, asked_target text, before bigint, after bigint)
	returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	most int := case asked_what when 'label' then 50 else 200 end;
begin
	if after > most and after > before then
		perform berth.refuse('limit_exceeded', format('%s would have %s %ss, and has %s: the limit is %s', asked_target,
			after, asked_what,
				before, most),
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

-- Sets and deletes what differs: one statement each, in the order of the keys.
create or replace function berth.write_metadata(asked_what text, asked_kind text, asked_target uuid, asked_seq bigint,
	changed jsonb,
	gone jsonb)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if asked_what = 'label' then
		delete from berth.label where target = asked_target and gone ? berth.key_text(prefix, name);
		insert into berth.label (kind, target, prefix, name, value, seq)
		select asked_kind, asked_target, berth.key_prefix(key), berth.key_name(key), value, asked_seq
		from jsonb_each_text(changed) order by key
		on conflict on constraint label_pkey do update set value = excluded.value;
	else
		delete from berth.annotation where target = asked_target and gone ? berth.key_text(prefix, name);
		insert into berth.annotation (kind, target, prefix, name, value)
		select asked_kind, asked_target, berth.key_prefix(key), berth.key_name(key), value
		from jsonb_each_text(changed) order by key
		on conflict on constraint annotation_pkey do update set value = excluded.value;
	end if;
end $$;

-- Returns the members of an object that another one has too.
create or replace function berth.common(object jsonb, other jsonb) returns jsonb
language sql immutable parallel safe return
	(select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(object) where other ? key);

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
	name text := asked_what || 's';
	sent text := berth.digest(jsonb_build_array(asked_what, asked_target, asked_set, asked_gone));
	before jsonb;
	after jsonb;
	changed jsonb;
	gone jsonb;
	words jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_word('metadata', asked_what, array['label', 'annotation']),
		berth.check_target(asked_target),
		berth.check_labels(asked_what, asked_set),
		berth.check_texts('deleted keys', asked_gone),
		berth.check_that('keys', not asked_set ?| array(select jsonb_array_elements_text(asked_gone)),
			'one is set and deleted'),
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
	before := berth.metadata(asked_what, (scope->>'id')::uuid);
	if t is null then
		return berth.ordered_json(before);
	end if;
	perform berth.remember(asked_id, scope);
	after := (before - array(select jsonb_array_elements_text(asked_gone))) || asked_set;
	perform berth.refuse_too_many(asked_what, berth.target_text(t.kind, t.id), berth.key_count(before),
		berth.key_count(after));
	select coalesce(jsonb_object_agg(key, value), '{}') into changed from jsonb_each(after)
		where before->key is distinct from value;
	select coalesce(jsonb_object_agg(key, value), '{}') into gone from jsonb_each(before) where not after ? key;
	perform berth.write_metadata(asked_what, t.kind, t.id, t.seq, changed, gone);
	words := jsonb_strip_nulls(jsonb_build_object('state', t.state, 'generation', t.generation));
	if changed <> '{}' then
		perform berth.add_event(session_user, 'set', t.kind, t.id, null, words
			|| jsonb_build_object(name, berth.common(before, changed)),
			words || jsonb_build_object(name, changed), asked_detail);
	end if;
	if gone <> '{}' then
		perform berth.add_event(session_user, 'remove', t.kind, t.id, null, words || jsonb_build_object(name, gone),
			words || jsonb_build_object(name, '{}'::jsonb), asked_detail);
	end if;
	return berth.ordered_json(after);
end $$;
