-- The routines of this version look names up in the server's own schema alone.
comment on schema berth is 'Pools, leases and the command queue of berth. Its routines alone write here.';
