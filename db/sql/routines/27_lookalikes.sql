-- Returns distinct texts that might be taken for one another; the program folds them (model/text/lookalike.h). Returns
-- at most `most` of each place and 200 values of each label key, and reads the holders of the youngest 20,000 live
-- leases: the function is called again and again. `cut` tells that there are more.
create or replace function berth.lookalike_texts(most bigint) returns table (place text, text text, cut bool)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set jit = off as $$
#variable_conflict use_column
begin
	perform berth.accept(berth.check_count('most', most, 0, 1000000000));
	return query with keys as (
		select distinct k.prefix, k.name from berth.label_kinds() kind
		cross join lateral berth.label_keys(kind, most => most + 1) k
	), named as (
		(select 'label keys' as place, berth.key_text(prefix, name) as text from keys order by prefix, name
			limit most + 1)
		union all
		select 'values of ' || berth.key_text(k.prefix, k.name), v.value
		from (select * from keys order by prefix, name limit most) k
		cross join lateral (select distinct v as value from berth.label_kinds() kind
			cross join lateral berth.label_values(kind, k.prefix, k.name, most => 201) v limit 201) v
		union all
		(select 'pools', name from berth.pool where destroyed is null order by name limit most + 1)
		union all
		(select 'hosts', host from berth.resource where host <> '' and state <> 'destroyed' order by host
			limit most + 1)
		union all
		(select 'organizations', name from berth.organization order by name limit most + 1)
		union all
		(select 'projects', name from berth.project where state <> 'destroyed' order by name limit most + 1)
		union all
		select * from (select distinct 'holders', h.holder from (
			select holder from berth.lease where state <> 'destroyed' order by seq desc limit 20000) h
			where h.holder <> '') h
	)
	select distinct n.place, n.text, case
		when n.place = 'holders' then exists (
			select from berth.lease where state <> 'destroyed' order by seq desc offset 20000 limit 1)
		when n.place like 'values of %' then count(*) over (partition by n.place) > 200
		else count(*) over (partition by n.place) > most end
	from named n;
end $$;
