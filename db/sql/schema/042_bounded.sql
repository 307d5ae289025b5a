-- Alerts look up when free values of a pool were removed.
create index resource_gone on berth.resource (pool) where state = 'destroyed';
-- The routines: an application's allocation sets nothing, and a step of dedupe looks before it locks.
