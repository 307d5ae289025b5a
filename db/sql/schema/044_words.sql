-- The routines alone: messages say "excluded" of values that a person has excluded, and what a name stands for now.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
