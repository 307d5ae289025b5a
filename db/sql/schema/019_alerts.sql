-- What needs a person. `count` is how many things of the kind the alert stands for.
create type berth.alert as (kind text, target text, since timestamptz, text text, hint text, count bigint);

-- Pools with nothing free are found by their closed stripes, which are few; drains by their resources.
create index stripe_closed on berth.stripe (pool) where usable and not open;
create index resource_ending on berth.resource (pool) where state in ('released', 'broken');
