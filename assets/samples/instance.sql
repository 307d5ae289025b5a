-- An application's instance and its address, in one transaction: both are there, or neither is.
create table if not exists instance (name text primary key, lease uuid not null unique);
begin;
insert into instance values ('web-1', '7c1e4b8e-52a7-4a2b-8f7e-3d5a1c9b0e11');
select value, state, replayed
from berth_api.allocate(pool => 'shop', id => '7c1e4b8e-52a7-4a2b-8f7e-3d5a1c9b0e11', holder => 'web-1');
commit;
select i.name, l.value from instance i join berth_api.lease l on l.id = i.lease;
