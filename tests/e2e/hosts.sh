#!/usr/bin/env bash
# Names of hosts are compared without case within a space, and kept as they were written.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh
. tests/lib/server.sh
. tests/lib/released.sh

new_database
berth -q pool create h --kind host Web1:4 >"$TMPDIR/made"
berth -q pool create other --kind host db1 >"$TMPDIR/made"
overlaps='overlaps Web1 of pool h'
check 'another host of that name in the pool' complains 5 "range WEB1 $overlaps" berth pool add h WEB1:2
check '... in another pool' complains 5 "range web1 $overlaps" berth pool add other web1:4
check '... in a new one' complains 5 "range weB1 $overlaps" berth pool create new --kind host weB1
check '... in an import' complains 5 "range WEB1 of pool other $overlaps" berth pool import - <<<'pool,kind,range
other,host,WEB1:4'
check '... twice in one file' complains 5 'line 3: range APP1 of pool b overlaps app1 of pool a' berth pool import - <<<'pool,kind,range
a,host,app1
b,host,APP1'
check 'the same host exists already' answers "concat_ws(' ', d->0->>'name', d->0->>'last')" 'Web1 4' berth pool add h wEB1:4 --json
check '... also for an import' answers "concat_ws(' ', d->'imported', d->'replayed')" '0 1' berth pool import - --json <<<'pool,kind,range
h,host,WEB1:4'
check 'another space is another host' exits 0 berth pool create apart --kind host --space b WEB1:2

# A value, in every place that takes one.
id=11111111-1111-4111-8111-111111111111
check 'allocate --value' answers "d->>'value'" Web1:2 berth allocate h --value WEB1:2 --id $id --json
check '... again, as it is kept' answers "concat_ws(' ', d->>'value', d->'replayed')" 'Web1:2 true' berth allocate h --value Web1:2 --id $id --json
check '... and not to another request' complains 5 "value web1:2 of pool h is held by lease $id" berth allocate h --value web1:2
check '... and not for a missing slot' complains 2 'value web1:5 is in no live resource of pool h' berth allocate h --value web1:5
check 'lease list --value' answers "d->0->>'id'" $id berth lease list --value web1:2 --json
check '... in its pool' answers "d->0->>'id'" $id berth lease list --value wEb1:2 --pool h --json
check '... not in the other space' answers 'd' '[]' berth lease list --value wEb1:2 --pool apart --json

# A resource, in every place that takes one.
check 'resource show' answers "concat_ws(' ', d->>'pool', d->>'name')" 'h Web1' berth resource show h/WEB1 --json
check 'label' answers 'd' '{"a": "b"}' berth label resource/h/web1 a=b --json
check 'label list' answers 'd' '{"a": "b"}' berth label list resource/h/WEB1:4 --json
check 'events' answers "d->0->>'action'" create berth events resource/h/WEB1 --json
berth -q resource cordon h/wEB1 >"$TMPDIR/made"
check '... a worker applies it' work
check 'cordon' answers "d->'cordoned'" true berth resource show h/Web1 --json
berth -q resource uncordon h/wEB1:4 >"$TMPDIR/made"
check '... a worker applies it' work
check 'uncordon' answers "d->'cordoned'" false berth resource show h/Web1 --json
check 'pool remove with another size names the right one' complains 4 'berth pool remove h WEB1:4' berth pool remove h WEB1
check 'pool remove' answers d '[]' berth pool remove other DB1 --json
check '... is in use' refuses in_use berth pool remove h wEB1:4
check 'the doctor finds nothing' exits 0 berth doctor

# Hosts from when case counted that differ only in case stay unchanged; no new ones are accepted.
new_database
sql 'drop schema berth, berth_api, berth_guard cascade' 2>"$TMPDIR/dropped"
released_restore
sql "insert into berth.space (name) values ('s');
	insert into berth.pool (id, name, kind, space, warn, crit, ttl, reuse_delay)
	select '$id', 'h', 'host', number, 80, 90, 0, 0 from berth.space where name = 's';
	insert into berth.resource (pool, space, kind, name, host, first, last, created)
	select p.id, p.space, p.kind, n, n, 1, slots, now() + slots * interval '1 s' from berth.pool p,
		(values ('app1', 1), ('web1', 2), ('WEB1', 3), ('Web1', 4)) as host (n, slots) where p.id = '$id';
	insert into berth.stripe (pool, resource, host, first, last, free, room, open)
	select pool, id, host, first, last, nummultirange(numrange(first, last + 1)), last, true from berth.resource where pool = '$id'"
check 'the upgrade keeps them' exits 0 berth migrate
check '... with all their names' answers "(select string_agg(e->>'name', ' ' order by n) from jsonb_array_elements(d) with ordinality as x (e, n))" \
	'WEB1 Web1 app1 web1' berth resource list h --json
for host in WEB1 Web1 web1; do
	check "$host keeps its name" answers "d->>'value'" $host:1 berth allocate h --value $host:1 --json
	check '... as a resource' answers "d->>'name'" $host berth resource show h/$host --json
done
check 'another spelling names the oldest of them' answers "d->>'value'" web1:2 berth allocate h --value wEB1:2 --json
check 'a new one is refused' refuses overlap berth pool add h wEB1:9
check 'the oldest goes' exits 0 berth resource release h/web1
check '... a worker applies it' work
check '... and the next one has its name' answers "d->>'name'" WEB1 berth resource show h/web1 --json
check 'a new one is refused while one exists' refuses overlap berth pool add h web1:4
check '... in another pool too' refuses overlap berth pool create new --kind host --space s web1
check '... and in an import' complains 5 'line 2: range web1 of pool h overlaps' berth pool import - <<<'pool,kind,range,space
h,host,web1:7,s'
check 'all go' exits 0 berth resource release h/WEB1
check '... the last one too' exits 0 berth resource release h/Web1
check '... a worker applies it' work
check 'then the name is free' exits 0 berth pool add h wEB1:9
check '... for one' complains 5 'range web1 overlaps wEB1 of pool h' berth pool add h web1
check 'the doctor finds nothing in the end' exits 0 berth doctor
