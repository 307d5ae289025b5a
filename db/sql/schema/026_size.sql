-- Values are looked up in the resources that had them, too. Rows come into these indexes when a resource is removed.
create index resource_past on berth.resource using gist (berth.span(space, kind, first, last))
	where state = 'destroyed' and kind <> 'host';
create index resource_past_host on berth.resource (lower(host)) where state = 'destroyed' and host <> '';
