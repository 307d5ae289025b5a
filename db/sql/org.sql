-- name: org_create(id id, name text, max_projects int?, detail json) :one org
select * from berth.org_create($1, $2, $3, $4);

-- name: org_limit(id id, name text, max_projects int?, detail json) :one org
select * from berth.org_limit($1, $2, $3, $4);

-- name: org_list(match word, invert bool, selector json) :many org
select * from berth.org_view
where ($1 is null or $2 <> (strpos(lower(name), lower($1)) > 0))
	and ($3 is null or not exists (select from berth.unmet_requirements($3, id)))
order by name;

-- name: org_near(limit int) :many org
-- Those nearest to their limit come first.
select * from berth.org_view
order by case when max_projects = 0 then 1 when max_projects > 0 then projects::float8 / max_projects end
	desc nulls last, name
limit $1;

-- name: org_show(name text) :maybe org
select * from berth.org_view where name = $1;
