-- The routines alone: a release counts its value where a removal has just moved the stripe of it to another resource.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
