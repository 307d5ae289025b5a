-- The routines alone: a dump of the schema can be restored.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
