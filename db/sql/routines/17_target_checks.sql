-- Checks of what a command is about: a target as it is sent, and a scope as it is stored.

-- Checks a target as model/syntax/target.c writes it, see berth.resolve().
create or replace function berth.check_target(t jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
	kind text;
	failed text;
begin
	if jsonb_typeof(t) is distinct from 'object' then
		return 'target: an object is needed';
	end if;
	kind := t->>'kind';
	failed := coalesce(
		berth.check_word('target', berth.json_text(t->'kind'),
			array['lease', 'resource', 'pool', 'command', 'org', 'project', 'leases', 'resources', 'pools']),
		berth.check_that('target', t - array['kind', 'id', 'name', 'pool', 'type', 'host', 'first', 'last', 'range',
			'whole', 'generation', 'states', 'holder', 'selector', 'seen'] = '{}',
			'it has a member that no target has'),
		case when t ? 'generation' then
			berth.check_number('generation', berth.json_whole(t->'generation'), 1, 9223372036854775807) end,
		case when t ? 'whole' then berth.check_that('target', t->'whole' = 'true', '"whole" is true or not there') end,
		case when t ? 'seen' then
			berth.check_that('target', berth.id_of(berth.json_text(t->'seen')) is not null, '"seen" is a UUID') end);
	if failed is not null then
		return failed;
	elsif kind in ('lease', 'command') or (kind in ('resource', 'project') and t ? 'id') then
		return berth.check_that(kind, berth.json_text(t->'id') ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
			and t->>'id' <> '00000000-0000-0000-0000-000000000000', 'a UUID other than nil is needed');
	elsif kind = 'resource' then
		return berth.check_place(t);
	elsif kind in ('leases', 'resources', 'pools') then
		return berth.check_selection(t);
	elsif kind = 'project' then
		return berth.check_project('project', berth.json_text(t->'name'));
	end if;
	return berth.check_name(kind, berth.json_text(t->'name'));
end $$;

create or replace function berth.check_targets(targets jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
	return case
		when jsonb_typeof(targets) is distinct from 'array' then 'targets: a list is needed'
		when targets = '[]' then 'targets: one is needed'
		else (select failed from jsonb_array_elements(targets) t
			cross join lateral (select berth.check_target(t) as failed) c where failed is not null limit 1)
	end;
end $$;

-- Checks a stored scope of a bulk, as berth.resolve() has made it of a target.
create or replace function berth.check_scope(s jsonb) returns text
language sql immutable parallel safe return case
	when jsonb_typeof(s) is distinct from 'object' then 'scope: an object is needed'
	else coalesce(
		berth.check_word('scope', berth.json_text(s->'kind'), array['lease', 'resource', 'pool', 'command',
			'project', 'leases', 'resources', 'pools']),
		case when s->>'kind' not in ('leases', 'resources', 'pools') then
			berth.check_that('scope', berth.id_of(berth.json_text(s->'id')) is not null, 'its id is no UUID') end,
		case when s ? 'pool' then
			berth.check_that('scope', berth.id_of(berth.json_text(s->'pool')) is not null, 'its pool is no UUID') end,
		case when s ? 'holder' then berth.check_text('holder', berth.json_text(s->'holder'), 200) end,
		case when s ? 'states' then berth.check_states(s->'states') end,
		berth.check_selector(s->'selector'))
end;

create or replace function berth.check_scopes(scopes jsonb) returns text
language sql immutable parallel safe return case
	when jsonb_typeof(scopes) is distinct from 'array' then 'scopes: a list is needed'
	when scopes = '[]' then 'scopes: one is needed'
	else (select failed from jsonb_array_elements(scopes) s
		cross join lateral (select berth.check_scope(s) as failed) c where failed is not null limit 1)
end;
