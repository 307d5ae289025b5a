-- The routines alone: a plan is carried out only if its names and its changes are those that were seen, and many values
-- are excluded at once.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
