-- The routines alone: comments and messages say "excluded" of values that a person has excluded.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
