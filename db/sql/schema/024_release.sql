-- Routines that are called for single requests keep their plans for the session.
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
