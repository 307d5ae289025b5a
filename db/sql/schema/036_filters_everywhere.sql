-- The routines alone: holders, labels and their targets are filtered by fields.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
