-- The login that has started a worker: nobody else may act in its name. Null of those that have started before.
alter table berth.worker add column login text;
