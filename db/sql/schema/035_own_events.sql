-- The routines alone: a dry run tells what it would change by its events, and the plan of a bulk refuses what cannot be
-- queued.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
