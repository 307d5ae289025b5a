-- A lease is made under the lock of the stripe that gives its value. A stripe is there as long as its live resource,
-- whose row and pool outlive all of its leases, so no lease can refer to what is not there. The server looked both up
-- anew for each lease, and locked them, which was a tenth of an allocation. Doctor looks instead.
alter table berth.lease drop constraint lease_pool_fkey, drop constraint lease_resource_fkey;

-- Returns a new id: version 7 of RFC 9562, the milliseconds since 1970 and random bits. Rows that are made one after
-- the other are then neighbours in an index. The server's random ids are of version 4: bits 4 and 5 of the seventh byte
-- make it 7.
create function berth.new_id() returns uuid language sql volatile parallel safe return
	encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
		substr(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint), 3) from 1 for 6), 52, 1), 53, 1),
		'hex')::uuid;
alter table berth.resource alter column id set default berth.new_id();
alter table berth.command alter column id set default berth.new_id();
