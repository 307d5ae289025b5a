-- Windows of leases in the order of their birth, for lists of any length.
--
-- What is live and what is past have an index each, which only serves a query
-- that says which one it means, and in which direction: so the statement is put
-- together, from the pieces that stand here and nothing else. Gives up to `most`
-- ids from the newest on, or with `newer` those born next after `edge`.
create or replace function berth.lease_window(live bool, states text[], asked_pool text, asked_holder text, match text,
	invert bool, newer bool, edge bigint, most bigint)
returns table (id uuid, seq bigint) language plpgsql stable as $$
begin
	return query execute format(
		'select l.id, l.seq from berth.lease l
		where l.state %s ''destroyed'' and l.state = any ($1)
			and ($2 is null or l.pool = (select p.id from berth.pool p where p.name = $2 and p.destroyed is null))
			and ($3 is null or l.holder = $3)
			and ($4 is null or $5 <> (strpos(lower(l.holder), lower($4)) > 0 or strpos(l.id::text, lower($4)) > 0
				or exists (select from berth.pool p where p.id = l.pool and strpos(lower(p.name), lower($4)) > 0)))
			and ($6 is null or l.seq %s $6)
		order by l.seq %s limit $7',
		case when live then '<>' else '=' end, case when newer then '>' else '<' end,
		case when newer then 'asc' else 'desc' end)
	using states, asked_pool, asked_holder, match, invert, edge, most;
end $$;
