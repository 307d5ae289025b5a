-- Plans under way: a console notes the plan that it shows, so that others see it before they confirm theirs. It
-- reserves nothing.

-- Notes that the plan is open, or with null that it is not.
create or replace function berth.note_plan(asked_id uuid, asked_doing text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		case when asked_doing is not null then berth.check_text('plan', asked_doing, 1000) end));
	delete from berth.open_plan p
	where p.seen < now() - interval '1 minute' or (p.id = asked_id and p.who = session_user and asked_doing is null);
	if asked_doing is not null then
		insert into berth.open_plan as p (id, doing) values (asked_id, asked_doing)
		on conflict on constraint open_plan_pkey do update set seen = now(), doing = excluded.doing
		where p.who = session_user;
	end if;
end $$;

-- The plans that were noted within the last 15 seconds.
create view berth.open_plan_view as
select p.id, p.who, p.doing, p.since from berth.open_plan p
where p.seen > now() - interval '15 seconds' and p.seen < now() + interval '15 seconds';

-- Returns the open commands on leases that a plan would release: by author and action, how many, and when the first of
-- them is due.
create or replace function berth.release_busy(asked_targets jsonb, most bigint)
returns table (author text, action text, commands bigint, due timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	return query select c.author, c.action, count(*), min(greatest(c.not_before, c.created))
	from berth.bulk_sample('release', asked_targets, most) s cross join lateral berth.open_in(s.id) c
	group by c.author, c.action order by count(*) desc, c.author, c.action;
end $$;
