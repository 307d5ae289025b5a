-- What follows the history asks for what it has not seen; so each event, and each lease, whose row tells its birth,
-- knows the transaction that wrote it. A number is drawn after that transaction has its own: whoever sees a number
-- knows that every transaction which could have drawn a lower one had begun (berth.event_news()). Rows of before have
-- none: they were settled when this was run, which waited for all who wrote.
alter table berth.event add column born xid8;
alter table berth.event
	alter column born set default pg_current_xact_id(),
	alter column seq set default nextval(case when pg_current_xact_id() is not null then 'berth.event_seq'::regclass end);
alter table berth.lease add column born xid8;
alter table berth.lease
	alter column born set default pg_current_xact_id(),
	alter column seq set default nextval(case when pg_current_xact_id() is not null then 'berth.event_seq'::regclass end);
