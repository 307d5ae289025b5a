-- The routines alone: leases that exist elsewhere are imported from a file.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
