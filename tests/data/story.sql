-- The story of README.md in psql, step by step: what an operator types who knows the views and functions of berth.
-- see the worst, by name
select text from berth.alerts(10);
-- see why
select * from berth.pool_view where name = 'edge' \gx
-- find who holds it
select holder, count(*), min(acquired) from berth.lease_view where pool = 'edge' and state <> 'destroyed' group by 1 order by 2 desc;
-- turn write mode on
set transaction_read_only = off;
-- plan the release of all that match
create temp view mine as select id, generation from berth.lease_view where pool = 'edge' and holder = 'ci' and state <> 'destroyed' and acquired > now() - interval '1 day';
create temp view targets as select jsonb_agg(jsonb_build_object('kind', 'lease', 'id', id, 'generation', generation)) as t from mine;
select * from berth.release_plan((select t from targets));
-- confirm it
select id from berth.queue(gen_random_uuid(), 'release', (select t from targets), '', 10000000, null, null, null, false, '{}') \gset
-- undo it
select state from berth.queue_cancel(:'id', '', '{}');
-- run it
select id from berth.queue(gen_random_uuid(), 'release', (select t from targets), '', 10000000, null, null, null, false, '{}') \gset
-- watch it drain
select done, failed, total from berth.command_view where id = :'id' \watch 1
-- jump to a failed item
select id, explanation from berth.command_view where parent = :'id' and state = 'quarantined';
-- retry all
select id from berth.queue(gen_random_uuid(), 'retry', (select jsonb_agg(jsonb_build_object('kind', 'command', 'id', id)) from berth.command_view where parent = :'id' and state = 'quarantined'), '', 0, null, null, null, false, '{}') \gset
-- find duplicates
select app, prefix, name, count(*), array_agg(id) from app_labels group by 1, 2, 3 having count(*) > 1;
-- choose the survivor
create temp view kept as select distinct on (app, prefix, name) id from app_labels order by app, prefix, name, updated_at;
select * from kept;
-- repair
begin;
lock table app_labels in share row exclusive mode;
create table app_labels_removed as select * from app_labels where id not in (select id from kept);
delete from app_labels where id in (select id from app_labels_removed);
alter table app_labels add constraint app_labels_unique unique nulls not distinct (app, prefix, name);
commit;
-- undo the repair
begin;
alter table app_labels drop constraint app_labels_unique;
insert into app_labels select * from app_labels_removed;
drop table app_labels_removed;
commit;
-- label 1,200 leases
select id from berth.queue(gen_random_uuid(), 'label', (select jsonb_agg(jsonb_build_object('kind', 'lease', 'id', id)) from berth.lease_view where holder = 'batch' and state <> 'destroyed'), '', 0, null, null, null, false, '{}', '{"set": {"tier": "2"}, "gone": []}') \gset
-- save the view
\! echo "\\set batch 'select * from berth.lease_view where holder = ''batch'';'" >>~/.psqlrc
-- come back tomorrow
:batch
