-- The routines alone: the rows of one group of duplicates, and groups as examples for the plan of a fix.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
