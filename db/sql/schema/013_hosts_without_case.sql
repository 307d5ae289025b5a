-- Names of hosts are compared without case within a space, and kept as they were written. Where some differ in nothing
-- but case already, all of them stay: all but the oldest are told apart by their spelling, in `twin`. New ones are
-- refused for as long as one of them is there, see berth.has_twin().
alter table berth.resource add column twin text collate "C" not null default '';
update berth.resource r set twin = r.host
where r.host <> '' and r.state <> 'destroyed' and exists (select from berth.resource o
	where o.space = r.space and lower(o.host) = lower(r.host) and o.state <> 'destroyed' and (o.created, o.id) < (r.created, r.id));
drop index berth.resource_host_key, berth.resource_pool;
create unique index resource_host_key on berth.resource (space, lower(host), twin) where state <> 'destroyed' and host <> '';
create index resource_pool on berth.resource (pool, lower(host), first) where state <> 'destroyed' and pool is not null;
