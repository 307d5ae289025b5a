-- name: pool_list(filter json, status pool_status?, selector json, order json) :many pool
select v.* from berth.pool_window($1, $2, $3, $4) w
cross join lateral (select * from berth.pool_view where id = w.id offset 0) v order by w.n;

-- name: pool_show(name text) :maybe pool
select * from berth.pool_view where name = $1;

-- name: pool_history(pool text) :many pool_use
-- The highest use in each two hours of the last week, oldest first; without those before the first sample.
select 84 - k.n as step, greatest(b.used, w.used) as used, b.capacity
from berth.pool p
cross join generate_series(84::bigint, 1, -1) k (n)
cross join lateral (
	select s.used, s.capacity from berth.sample s where s.pool = p.id and s.at <= now() - k.n * interval '2 hours'
	order by s.at desc limit 1) b
cross join lateral (
	select max(s.used) as used from berth.sample s
	where s.pool = p.id and s.at > now() - k.n * interval '2 hours'
		and s.at <= now() - (k.n - 1) * interval '2 hours') w
where p.name = $1 and p.destroyed is null
order by k.n desc;

-- name: pool_free(pool text, limit positive) :many free_range
-- Pieces of neighbouring stripes become one range.
select p.kind, lower(piece) as first, upper(piece) - 1 as last, f.host,
	div(upper(piece) - lower(piece), p.block) as count
from berth.pool p
cross join lateral (
	select s.host, range_agg(piece) as free
	from berth.stripe s, unnest(s.free) piece
	where s.pool = p.id and s.usable group by s.resource, s.host
) f, unnest(f.free) piece
where p.name = $1 and p.destroyed is null
order by f.host, lower(piece)
limit $2;

-- name: pool_create(id id, name text, kind kind, space text, project text, warn int, crit int, ttl int,
--     reuse_delay int, activate_hook text, release_hook text, ranges json, detail json, exclude json, unit text) :one pool
select * from berth.pool_create($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: pool_add(id id, pool text, kind kind, ranges json, detail json, exclude json) :many resource
select * from berth.pool_add($1, $2, $3, $4, $5, $6);

-- name: pool_exclude(id id, pool text, kind kind, ranges json, detail json) :one pool
select * from berth.pool_exclude($1, $2, $3, $4, $5);

-- name: pool_include(id id, pool text, kind kind, ranges json, detail json) :one pool
select * from berth.pool_include($1, $2, $3, $4, $5);

-- name: pool_exclusions(pool text, limit positive) :many exclusion
select p.kind, r.host, e.first, e.last, e.reason, e.author as by, e.at
from berth.pool p
join berth.exclusion e on e.pool = p.id
join berth.resource r on r.id = e.resource
where p.name = $1 and p.destroyed is null
order by r.host, e.first
limit $2;

-- name: pool_remove(id id, pool text, kind kind, name text, first value, last value, host text, detail json)
--     :many resource
select * from berth.pool_remove($1, $2, $3, $4, $5, $6, $7, $8);

-- name: pool_set(id id, pool text, warn int?, crit int?, ttl int?, reuse_delay int?, activate_hook text,
--     release_hook text, detail json) :one pool
select * from berth.pool_set($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: pool_rename(id id, pool text, name text, detail json) :one pool
select * from berth.pool_rename($1, $2, $3, $4);

-- name: pool_renamed(former text) :maybe pool
-- The live pool that had this name last, which is no pool's now.
select v.* from berth.pool_view v join berth.former_name f on f.pool = v.id
where f.name = $1 and not exists (select from berth.pool where name = $1 and destroyed is null)
order by f.until desc limit 1;

-- name: pool_find(kind kind, host text, first value, last value, space text, limit int) :many stretch
select * from berth.find_values($1, $2, $3, $4, $5, $6);

-- name: pool_delete(id id, pool text, detail json) :one pool
select * from berth.pool_delete($1, $2, $3);

-- name: pool_import(id id, ranges json, skip bool, detail json) :one document
select berth.pool_import($1, $2, $3, $4) as document;

-- name: doctor() :many finding
select * from berth.doctor();

-- name: doctor_piece(part text, after text, most int) :many doctor_piece
select * from berth.doctor_piece($1, $2, $3);

-- name: named_find(kind text, id id, name text) :maybe named
-- The object that limits a list: by its id, else by its name, else by a former name.
select f.id, f.name, f.live, f.renamed from (
	select 1 as n, p.id, p.name, p.destroyed is null as live, false as renamed
	from berth.pool p where $1 = 'pool' and p.id = $2
	union all
	select 2, p.id, p.name, true, false
	from berth.pool p where $1 = 'pool' and p.name = $3 and p.destroyed is null
	union all
	(select 3, p.id, p.name, true, true
	from berth.former_name n join berth.pool p on p.id = n.pool
	where $1 = 'pool' and n.name = $3 and p.destroyed is null order by n.until desc limit 1)
	union all
	select 1, j.id, concat(o.name, '/', j.name), j.state <> 'destroyed', false
	from berth.project j join berth.organization o on o.id = j.organization where $1 = 'project' and j.id = $2
	union all
	select 4, j.id, concat(o.name, '/', j.name), true, false
	from berth.organization o join berth.project j on j.organization = o.id
	where $1 = 'project' and o.name = split_part($3, '/', 1) and j.name = split_part($3, '/', 2)
		and j.state <> 'destroyed'
	union all
	select 5, c.id, $3, true, false from berth.command c where $1 = 'command' and c.id = $2) f
order by f.n limit 1;
