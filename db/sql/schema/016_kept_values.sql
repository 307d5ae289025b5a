-- Leases whose hook has failed, or is still to run, keep their values. There are few, and they are counted wherever a
-- pool has nothing to give.
create index lease_kept on berth.lease (until) where state in ('released', 'broken') and rest_until is null;
