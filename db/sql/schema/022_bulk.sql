-- Bulks of any action, and of any targets that can have it.
alter table berth.command drop constraint command_action_known, add constraint command_action_known check (action in
	('release', 'reclaim', 'cordon', 'uncordon', 'extend', 'label', 'activate', 'retry', 'skip', 'force', 'delete'));

-- A bulk takes resources and pools in the order of their birth, as it takes leases.
alter table berth.resource add column seq bigint not null default nextval('berth.event_seq');
alter table berth.pool add column seq bigint not null default nextval('berth.event_seq');

-- A retry can be an item itself, and be retried: each bulk that has counted the failure counts what makes it good.
alter table berth.command add column credits uuid[];
update berth.command set credits = array[credit] where credit is not null;
alter table berth.command drop column credit cascade;
