-- What labels there are, for lists of any length: one step of an index for each
-- key or value, however many things have it. No key and no value is behind "~".

-- The keys of one kind of thing behind an edge, in their order or against it.
create or replace function berth.label_keys(asked_kind text, edge_prefix text default null, edge_name text default null,
	with_edge bool default false, backwards bool default false, most bigint default null)
returns table (prefix text, name text) language plpgsql stable as $$
declare
	left_over bigint := coalesce(most, 9223372036854775807);
begin
	prefix := coalesce(edge_prefix, case when backwards then '~' else '' end);
	name := coalesce(edge_name, '');
	if with_edge and left_over > 0 and exists (select from berth.label b
			where b.kind = asked_kind and b.prefix = label_keys.prefix and b.name = label_keys.name) then
		return next;
		left_over := left_over - 1;
	end if;
	while left_over > 0 loop
		if backwards then
			select b.prefix, b.name into prefix, name from berth.label b
			where b.kind = asked_kind and (b.prefix, b.name) < (label_keys.prefix, label_keys.name)
			order by b.prefix desc, b.name desc limit 1;
		else
			select b.prefix, b.name into prefix, name from berth.label b
			where b.kind = asked_kind and (b.prefix, b.name) > (label_keys.prefix, label_keys.name)
			order by b.prefix, b.name limit 1;
		end if;
		exit when not found;
		return next;
		left_over := left_over - 1;
	end loop;
end $$;

-- The same of the values of a key.
create or replace function berth.label_values(asked_kind text, asked_prefix text, asked_name text, edge text default null,
	with_edge bool default false, backwards bool default false, most bigint default null)
returns setof text language plpgsql stable as $$
declare
	left_over bigint := coalesce(most, 9223372036854775807);
	at text := coalesce(edge, case when backwards then '~' else '' end);
begin
	-- The first value of all may be the empty one.
	if (with_edge or (edge is null and not backwards)) and left_over > 0 and exists (select from berth.label b
			where b.kind = asked_kind and b.prefix = asked_prefix and b.name = asked_name and b.value = at) then
		return next at;
		left_over := left_over - 1;
	end if;
	while left_over > 0 loop
		if backwards then
			select b.value into at from berth.label b
			where b.kind = asked_kind and b.prefix = asked_prefix and b.name = asked_name and b.value < at
			order by b.value desc limit 1;
		else
			select b.value into at from berth.label b
			where b.kind = asked_kind and b.prefix = asked_prefix and b.name = asked_name and b.value > at
			order by b.value limit 1;
		end if;
		exit when not found;
		return next at;
		left_over := left_over - 1;
	end loop;
end $$;
