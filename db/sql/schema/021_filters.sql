-- The routines alone: lists are filtered by what they show, and a search that may be long says how far it has come.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
