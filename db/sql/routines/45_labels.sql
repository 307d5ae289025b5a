-- Labels and annotations, written: at once, under the row lock of what they are about.

-- Counted after the whole write, and only where the number grows.
create or replace function berth.refuse_too_many(asked_what text, asked_target text, before bigint, after bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	most int := case asked_what when 'label' then 50 else 200 end;
begin
	if after > most and after > before then
		perform berth.refuse('limit_exceeded', format('%s would have %s %ss, and has %s: the limit is %s', asked_target, after, asked_what,
				before, most),
			jsonb_build_object('target', asked_target, 'limit', most, 'used', before, 'asked', after));
	end if;
end $$;

-- The labels of leases that are being born.
create or replace function berth.add_labels(leases uuid[], labels jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.refuse_too_many('label', 'lease/' || leases[1], 0, berth.keys_of(labels));
	insert into berth.label (kind, target, prefix, name, value, seq)
	select 'lease', l.id, berth.key_prefix(k.key), berth.key_name(k.key), k.value, l.seq
	from berth.lease l, jsonb_each_text(labels) k where l.id = any (leases) order by l.seq, k.key;
end $$;

-- A target that is to be described, its row locked: who writes there comes one after
-- the other, so that what is counted stays true. Not what is at its end.
create or replace function berth.lock_described(scope jsonb, out kind text, out id uuid, out seq bigint, out state text,
	out generation bigint)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	kind := scope->>'kind';
	id := (scope->>'id')::uuid;
	seq := 0;
	if kind not in ('lease', 'resource', 'pool', 'org', 'project') then
		perform berth.refuse('invalid_input', format('a %s has no labels and annotations', kind), scope);
	end if;
	perform berth.lock_lane(kind, id);
	case kind
	when 'lease' then
		select l.seq, l.state, l.generation into seq, state, generation from berth.lease l where l.id = lock_described.id;
	when 'resource' then
		select r.state, r.generation into state, generation from berth.resource r where r.id = lock_described.id;
	when 'project' then
		select j.state, j.generation into state, generation from berth.project j where j.id = lock_described.id;
	when 'org' then
		select o.generation into generation from berth.organization o where o.id = lock_described.id;
	else
		select 'destroyed' into state from berth.pool p where p.id = lock_described.id and p.destroyed is not null;
	end case;
	if state = 'destroyed' then
		perform berth.refuse('precondition_failed', format('%s is destroyed', berth.target_text(kind, id)),
			jsonb_build_object('target', berth.target_text(kind, id), 'state', state));
	end if;
end $$;

-- Sets and deletes what differs: one statement each, in the order of the keys.
create or replace function berth.write_described(asked_what text, asked_kind text, asked_target uuid, asked_seq bigint, changed jsonb,
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

-- A part of an object: the members that another one has too.
create or replace function berth.common(object jsonb, other jsonb) returns jsonb
language sql immutable parallel safe return
	(select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(object) where other ? key);

-- A merge: what is in `asked_set` ({key: value}) is set, what is in `asked_gone` ([key])
-- deleted, the rest stays. Answers with all there are then. What changes nothing
-- is no event, and `generation` stays: it counts what happens to the thing itself.
create or replace function berth.describe(asked_id uuid, asked_what text, asked_target jsonb, asked_set jsonb, asked_gone jsonb,
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
		berth.check_that('keys', not asked_set ?| array(select jsonb_array_elements_text(asked_gone)), 'one is set and deleted'),
		berth.check_detail(asked_detail)));
	-- The same request again, also when what it named is gone since.
	select answer into scope from berth.request where id = asked_id and answer->>'sent' = sent;
	if not found then
		scope := berth.resolve(asked_target) || jsonb_build_object('sent', sent);
		if berth.replayed(asked_id, asked_what, coalesce(berth.target_text(scope->>'kind', (scope->>'id')::uuid), ''),
				berth.digest(jsonb_build_array(asked_set, asked_gone))) is null then
			select * into t from berth.lock_described(scope);
		end if;
	end if;
	before := berth.described(asked_what, (scope->>'id')::uuid);
	if t is null then
		return berth.in_order(before);
	end if;
	perform berth.remember(asked_id, scope);
	after := (before - array(select jsonb_array_elements_text(asked_gone))) || asked_set;
	perform berth.refuse_too_many(asked_what, berth.target_text(t.kind, t.id), berth.keys_of(before), berth.keys_of(after));
	select coalesce(jsonb_object_agg(key, value), '{}') into changed from jsonb_each(after) where before->key is distinct from value;
	select coalesce(jsonb_object_agg(key, value), '{}') into gone from jsonb_each(before) where not after ? key;
	perform berth.write_described(asked_what, t.kind, t.id, t.seq, changed, gone);
	words := jsonb_strip_nulls(jsonb_build_object('state', t.state, 'generation', t.generation));
	if changed <> '{}' then
		perform berth.record('set', t.kind, t.id, words || jsonb_build_object(name, berth.common(before, changed)),
			words || jsonb_build_object(name, changed), asked_detail);
	end if;
	if gone <> '{}' then
		perform berth.record('remove', t.kind, t.id, words || jsonb_build_object(name, gone),
			words || jsonb_build_object(name, '{}'::jsonb), asked_detail);
	end if;
	return berth.in_order(after);
end $$;
