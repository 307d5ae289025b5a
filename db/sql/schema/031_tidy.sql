-- The routines alone: pool_find() and pool_name() are gone, and windows of sorted rows count only where it is asked for.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
