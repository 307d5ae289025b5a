-- The routines have new names, the terms of the field. Routines are replaced as a whole; their types are dropped here.
drop type if exists berth.verdict cascade;
comment on schema berth is 'Pools, leases and the command queue of berth. Only its routines write here.';
update berth.trouble set part = 'fan out' where part = 'spread';
