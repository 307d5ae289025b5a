-- The ends of the items of a bulk: `done` is the sum of these and of `failed`.
alter table berth.command add column applied bigint not null default 0, add column noop bigint not null default 0,
	add column rejected bigint not null default 0, add column cancelled bigint not null default 0;

-- Those of the bulks that are there, as far as their items are remembered. An item that had failed, and of which a
-- retry, skip or force was applied, counts as applied. A deletion called its cancelled items failed ones.
with item as (
	select parent, count(*) as ended, count(*) filter (where outcome = 'applied') as applied,
		count(*) filter (where outcome = 'noop') as noop, count(*) filter (where outcome = 'rejected') as rejected,
		count(*) filter (where outcome = 'failed' or state = 'quarantined') as failed,
		count(*) filter (where state = 'cancelled') as cancelled
	from berth.command where parent is not null and state in ('done', 'cancelled', 'quarantined') group by parent
), mended as (
	select credit as parent, count(*) as n from berth.command where credit is not null and outcome = 'applied' group by credit
)
update berth.command p
set applied = i.applied + coalesce(m.n, 0), noop = i.noop, rejected = i.rejected, cancelled = i.cancelled,
	failed = case p.done when i.ended then i.failed - coalesce(m.n, 0) else p.failed end
from item i left join mended m using (parent) where p.id = i.parent and p.total is not null;

-- The words at their end counted rejected and cancelled items as if they were applied.
update berth.command
set explanation = regexp_replace(explanation, ', [0-9]+ failed', concat(
	case when applied > 0 then format(', %s applied', applied) end, case when noop > 0 then format(', %s no-op', noop) end,
	case when rejected > 0 then format(', %s rejected', rejected) end, case when failed > 0 then format(', %s failed', failed) end,
	case when cancelled > 0 then format(', %s cancelled', cancelled) end))
where total is not null and state = 'done' and done = applied + noop + rejected + failed + cancelled
	and explanation ~ '^[0-9]+ of [0-9]+ ended, [0-9]+ failed';
