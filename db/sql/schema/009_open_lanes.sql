-- Indexes that are found whatever the server believes of the queue. When statistics were taken while it was empty, all
-- partial indexes on a command's state look equally good. No other index has these conditions, so that whoever asks by
-- them can be given no other: see berth.open_in() and berth.fan_out().
drop index berth.command_lane_open;
create index command_lane_open on berth.command (lane, seq) where state not in ('done', 'cancelled');
create index command_fanning on berth.command (seq) where fanning;

-- Of resources this one is for those who ask by a pool, which implies that there is one. Without that it could be
-- taken in place of resource_span_excl, by which a range finds what it overlaps.
drop index berth.resource_pool;
create index resource_pool on berth.resource (pool, host, first) where state <> 'destroyed' and pool is not null;
