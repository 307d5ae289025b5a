-- name: project_create(id id, name text, max_leases int?, content json, detail json) :one nothing
-- The first step of several. The others make one part each, and do nothing if the project was made before.
select from (select berth.project_create($1, $2, $3, $4, $5)) made;

-- name: project_count(id id) :maybe nothing
select from berth.part_of($1, $1) part (id)
cross join lateral (select berth.charge_organization(part.id) offset 0) counted;

-- name: project_pool(project id, id id, name text, kind kind, space text, owner text, warn int, crit int, detail json)
--     :maybe pool
select p.* from berth.part_of($1, $2) part (id)
cross join lateral berth.pool_create(part.id, $3, $4, $5, $6, $7, $8, 0, 0, null, null, '[]', $9) p;

-- name: project_range(project id, id id, pool text, kind kind, ranges json, detail json) :many resource
select r.* from berth.part_of($1, $2) part (id) cross join lateral berth.pool_add(part.id, $3, $4, $5, $6) r;

-- name: project_labels(project id, id id, target json, set json, detail json) :maybe document
select berth.edit_metadata(part.id, 'label', $3, $4, '[]', $5) as document from berth.part_of($1, $2) part (id);

-- name: project_made(id id) :one project
-- The last step: the project as it is now; `replayed` tells whether the first step found it.
select v.id, v.organization, v.name, v.max_leases, v.leases, v.pools, v.state, v.generation, v.created, v.labels,
	not exists (select from berth.part_of($1, $1)) as replayed
from berth.project_view v where v.id = $1;

-- name: project_limit(id id, name text, max_leases int?, detail json) :one project
select * from berth.project_limit($1, $2, $3, $4);

-- name: project_delete(id id, name text, reason text, grace int?, generation positive, detail json, seen id)
--     :one command
select * from berth.project_delete($1, $2, $3, $4, $5, $6, $7);

-- name: project_list(organization text, match word, invert bool, selector json, filter json) :many project
select * from berth.project_view
where ($1 is null or organization = $1)
	and ($2 is null or $3 <> (strpos(lower(organization || '/' || name), lower($2)) > 0))
	and ($4 is null or not exists (select from berth.unmet_requirements($4, id)))
	and ($5 is null or id in (select berth.projects_matching($5)))
order by organization, name;

-- name: project_page(match word, invert bool, selector json, filter json, most int, order json) :many project
-- The leases of a project without a limit are not counted elsewhere: this counts those of the page, each up to $5.
select v.id, v.organization, v.name, v.max_leases,
	case when v.max_leases >= 0 then v.leases else berth.project_leases(v.id, $5) end as leases,
	v.pools, v.state, v.generation, v.created, v.labels, v.replayed
from berth.project_window($1, $2, $3, $4, $5, $6) w join berth.project_view v using (id) order by w.n;

-- name: project_show(name text) :maybe project
select * from berth.project_view where organization = split_part($1, '/', 1) and name = split_part($1, '/', 2);
