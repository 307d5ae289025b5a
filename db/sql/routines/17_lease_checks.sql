-- Checks of the rows of an import of leases.

-- Returns why a row of an import of leases is refused, see berth.lease_import(), or null.
create or replace function berth.check_lease_row(line numeric, pool text, space text, kind text, words text, host text,
	value numeric, holder text, project text, until timestamptz, created timestamptz, labels jsonb, id uuid,
	error jsonb)
returns text language sql immutable parallel safe return coalesce(
	berth.check_that('line', line % 1 = 0 and line between 1 and 9223372036854775807, 'a number is needed'),
	case when error is not null then coalesce(
		berth.check_text('pool', pool, 10000000),
		berth.check_text('text', words, 10000000),
		berth.check_that('error', berth.json_text(error->'code') in ('invalid_input', 'limit_exceeded', 'conflict')
			and berth.json_text(error->'message') is not null and jsonb_typeof(error->'detail') = 'object',
			'a code, a message and a detail are needed'))
	else coalesce(
		case when pool is null then berth.check_name('space', space) else berth.check_name('pool', pool) end,
		berth.check_kind(kind),
		berth.check_value(kind, coalesce(host, ''), value),
		berth.check_text('text', words, 200),
		case when holder is not null then berth.check_text('holder', holder, 200) end,
		case when project is not null then berth.check_project('project', project) end,
		berth.check_time('until', until),
		berth.check_time('created', created),
		case when labels is not null then coalesce(berth.check_labels('label', labels),
			berth.check_that('labels', berth.key_count(labels) <= 50, 'at most 50 are allowed')) end,
		case when id is not null then berth.check_id('id', id) end) end);

-- Checks all rows of an import of leases. One pass finds those that are not plainly right; only these are checked in
-- every point.
create or replace function berth.check_lease_rows(list jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	if jsonb_typeof(list) is distinct from 'array' then
		return 'rows: a list is needed';
	end if;
	return (
		select failed from jsonb_to_recordset(list) as r (line numeric, pool text, space text, kind text, text text,
			host text, value numeric, last numeric, holder text, project text, until timestamptz, created timestamptz,
			labels jsonb, id uuid, error jsonb)
		cross join lateral (select case when (error is null and line = trunc(line)
				and line between 1 and 9223372036854775807
				and kind in ('ipv4', 'ipv6', 'number') and value between 0 and berth.last_of(kind)
				and value = trunc(value) and num_nonnulls(last, host, project, until, created, labels, id) = 0
				and berth.is_name(coalesce(pool, space)) and char_length(text) <= 200
				and coalesce(char_length(holder) <= 200, true)) is not true
			then coalesce(berth.check_lease_row(line, pool, space, kind, text, host, value, holder, project, until,
				created, labels, id, error), berth.check_last(kind, value, last)) end as failed) c
		where failed is not null limit 1);
exception
	when data_exception then
		return 'rows: ' || sqlerrm;
end $$;
