-- Lists of very many pools are sorted and filtered by the latest samples of their use: `free` is what could be taken; null
-- is a sample of an earlier version. The index has the pools that are full or have a trend.
alter table berth.forecast add column free float8;
create index forecast_urgent on berth.forecast (pool) where per_day > 0 or free = 0;
