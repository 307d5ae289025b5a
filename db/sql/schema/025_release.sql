-- Each release leaves a dead row in both tables. Indexes on what lives grow with the dead rows, so these are cleared by
-- their number, hardly by the size of the history; and the indexes with them, however few they are in comparison.
alter table berth.lease set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000,
	vacuum_index_cleanup = on);
alter table berth.command set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000,
	vacuum_index_cleanup = on);
