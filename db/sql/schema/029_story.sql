-- The routines alone: a transaction that has looked for duplicates can read the views of berth afterwards, and the
-- leases of one holder are counted.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
