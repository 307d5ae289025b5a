-- The routines alone: what a trial of dedupe deletes is found as a run finds it, not by ranking every row that has a
-- double.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
