-- The baselines of berth's measurements: plain statements, sent through the same code.
-- The tables of schema `bench` are made by stage.c.

-- name: bench_insert(id id, pool id, resource id, value value, holder text, priority int, detail json) :one total
-- One bare row.
insert into bench.lease (id, pool, resource, value, state, holder, priority, acquired, activated, detail)
values ($1, $2, $3, $4, 'active', $5, $6, now(), now(), $7) returning seq as total;

-- name: bench_insert_prepared(id id, pool id, resource id, value value, holder text, priority int, detail json)
--     :one total :hot
-- The same by a client that prepares its statement.
insert into bench.lease (id, pool, resource, value, state, holder, priority, acquired, activated, detail)
values ($1, $2, $3, $4, 'active', $5, $6, now(), now(), $7) returning seq as total;

-- name: bench_insert_labels(id id, pool id, resource id, value value, holder text, priority int, detail json,
--     labels json) :one total
-- One bare row and its labels.
with made as (
	insert into bench.lease (id, pool, resource, value, state, holder, priority, acquired, activated, detail)
	values ($1, $2, $3, $4, 'active', $5, $6, now(), now(), $7) returning id, seq
), labelled as (
	insert into bench.label (kind, target, prefix, name, value, seq)
	select 'lease', made.id, '', l.key, l.value, made.seq from made, jsonb_each_text($8::jsonb) l
)
select seq as total from made;

-- name: bench_instance(name text, lease id) :one total
-- The row of an application that allocates.
insert into bench.instance (name, lease) values ($1, $2) returning 1::bigint as total;

-- name: bench_api_allocate(id id, pool text, holder text) :one total
select 1::bigint as total from berth_api.allocate(pool => $2, id => $1, holder => $3);

-- name: bench_insert_many(ids text, pool id, resource id, first value, holder text, priority int, detail json) :one total
-- Many bare rows.
with made as (
	insert into bench.lease (id, pool, resource, value, state, holder, priority, acquired, activated, detail)
	select id, $2, $3, $4 + n, 'active', $5, $6, now(), now(), $7 from unnest($1::uuid[]) with ordinality as asked (id, n)
	returning 1
)
select count(*) as total from made;

-- name: bench_scan(resource id, size int) :one total
-- The lowest free value, looked for among all.
select v as total
from generate_series(1, $2) v
left join bench.held l on l.resource = $1 and l.value = v and l.state <> 'destroyed'
where l.id is null order by v limit 1;

-- name: bench_select(id id) :one lease
-- The row of a lease by its primary key, in the shape that an allocation answers with.
select id, seq, 'pool'::text as pool, 'number'::text as kind, true as held, value, ''::text as host,
	null::text as unit, resource, state, holder, null::text as project, priority::bigint as priority, until, created,
	acquired, activated, released, destroyed, generation, created_by, '{}'::jsonb as labels, true as replayed,
	null::jsonb as differs
from berth.lease where id = $1;
