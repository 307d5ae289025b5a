-- What the worker's housekeeping has found broken of the invariants of `berth doctor`: one row for each breach, since
-- when, and the round in which it was seen last. The rounds go through one part after the other: `at` is the last pool,
-- lease or command that was looked at, null at the start of a part.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
