-- name: resource_list(pool text, selector json, filter json, by_range bool) :many resource
-- By pools, or the ranges of all pools together.
select v.* from berth.resource_view v join berth.resource r using (id)
where v.state <> 'destroyed' and ($1 is null or v.pool = $1)
	and ($2 is null or not exists (select from berth.unmet_requirements($2, r.id)))
	and ($3 is null or r.id in (select berth.resources_matching($3)))
order by case when $4 then array_position(array['ipv4', 'ipv6', 'number', 'host'], r.kind)::text else v.pool end,
	r.host, v.first, v.pool;

-- name: resource_show(id id) :maybe resource
-- A destroyed resource is shown for 30 days.
select v.* from berth.resource_view v join berth.resource r using (id)
where v.id = $1 and (r.destroyed is null or r.destroyed > now() - interval '30 days');

-- name: resource_find(pool text, kind kind, host text, first value?, last value?) :maybe resource
-- Finds a resource by its place: the live one, else the one destroyed last.
select v.* from berth.resource_at($1, $2, $3, $4, $5) found (id)
join berth.resource_view v using (id) join berth.resource r using (id)
where r.destroyed is null or r.destroyed > now() - interval '30 days';
