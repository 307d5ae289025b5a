-- The routines alone: every list can be sorted by each of its columns.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
