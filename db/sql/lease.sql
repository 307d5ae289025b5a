-- name: lease_allocate(id id, pool text, holder text, until time, duration positive, priority int?, detail json,
--     labels json, wait bool, project text) :one lease :hot
-- With `wait` an exhausted pool gives a pending lease, which a worker fills.
select * from berth.allocate($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: lease_allocate_value(id id, pool text, kind kind, value value, host text, text text, holder text, until time,
--     duration positive, priority int?, detail json, labels json, project text, last value?) :one lease :hot
select * from berth.allocate_value($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: lease_allocate_many(ids text, pool text, holder text, until time, duration positive, priority int?,
--     detail json, labels json, project text) :many lease :hot
select * from berth.allocate_many($1::uuid[], $2, $3, $4, $5, $6, $7, $8, $9);

-- name: lease_import(id id, leases json, skip bool, detail json) :one document
select berth.lease_import($1, $2, $3, $4) as document;

-- name: lease_show(id id) :maybe lease
select * from berth.lease_view where id = $1;

-- name: lease_seq(id id) :maybe total
select seq as total from berth.lease where id = $1;

-- name: lease_window(live bool, past bool, states text, pool text, holder text, filter json, newer bool,
--     edge positive, most positive, selector json, project text, patience positive) :many lease
-- Newest first; with `newer` those just before the edge, also newest first.
with found as (
	select w.id, w.seq from berth.lease_window(true, $3::text[], $4, $5, $6, $7, $8, $9, $10, $11, $12) w where $1
	union all
	select w.id, w.seq from berth.lease_window(false, $3::text[], $4, $5, $6, $7, $8, $9, $10, $11, $12) w where $2
), shown as (
	select id from found order by case when $7 then seq else -seq end limit $9
)
select v.* from shown join berth.lease_view v using (id) order by v.seq desc;

-- name: lease_sorted(states text, pool text, holder text, filter json, selector json, project text, patience positive,
--     order json) :many lease
-- In another order than that of their birth.
select v.* from berth.lease_sorted($1::text[], $2, $3, $4, $5, $6, $7, $8) w
join berth.lease_view v using (id) order by w.n;

-- name: sorted_report() :one sorting
-- After a sorted window in the same batch.
select * from berth.sorted_report();

-- name: lease_search(pool text, holder text, project text, filter json, selector json, newer bool, patience positive)
--     :one search
-- After a window of leases in the same batch: how far that has come, and how many match.
select * from berth.lease_search($1, $2, $3, $4, $5, $6, $7);

-- name: lease_holding(kind kind, value value, host text, pool text, at time, states text, limit positive,
--     selector json, project text, filter json, last value?) :many lease
-- The leases that hold a value, or held it at a time: from acquired up to, not including, destroyed.
select v.*
from berth.lease_meeting(array(select berth.value_leases($1, $2, $3, $5, $6::text[], $11)), $10) l (id)
cross join lateral (select * from berth.lease_view where lease_view.id = l.id offset 0) v
where ($4 is null or v.pool = $4)
	and ($8 is null or not exists (select from berth.unmet_requirements($8, l.id)))
	and ($9 is null or v.project = $9)
order by v.seq desc limit $7;

-- name: lease_history(id id) :many event
select * from berth.event_view where kind = 'lease' and target_id = $1 order by seq;

-- name: lease_waiting(id id) :maybe waiting
select * from berth.waiting($1);

-- name: holder_window(pool text, filter json, order json) :many holder
select * from berth.holder_window($1, $2, $3);
