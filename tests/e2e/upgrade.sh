#!/usr/bin/env bash
# Databases of earlier versions, with data: they are sound after the upgrade and can be used.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh
. tests/lib/server.sh
. tests/lib/released.sh

new_database
sql 'drop schema berth, berth_api cascade' 2>"$TMPDIR/dropped"
sql 'create schema berth'
sql 'create table berth.schema_version (version int constraint schema_version_pkey primary key, name text not null, applied timestamptz not null default now())'
check 'the first version' psql -Xq -v ON_ERROR_STOP=1 -f db/sql/schema/001_pools.sql
sql "insert into berth.schema_version (version, name) values (1, '001_pools')"
sql "insert into berth.space (name) values ('global')"
sql "insert into berth.pool (id, name, kind, space, warn, crit, ttl, reuse_delay, activate_hook)
	values ('aaaaaaaa-0000-4000-8000-000000000001', 'old', 'number', 1, 80, 90, 0, 0, 'up')"
sql "insert into berth.resource (id, pool, space, kind, name, first, last)
	values ('aaaaaaaa-0000-4000-8000-000000000002', 'aaaaaaaa-0000-4000-8000-000000000001', 1, 'number', '1-9', 1, 9)"
sql "insert into berth.stripe (pool, resource, host, first, last, free, room, open)
	values ('aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002', '', 1, 9, '{[2,10)}', 8, true)"
sql "insert into berth.lease (id, pool, resource, value, state, holder, priority, acquired)
	values ('aaaaaaaa-0000-4000-8000-000000000003', 'aaaaaaaa-0000-4000-8000-000000000001',
		'aaaaaaaa-0000-4000-8000-000000000002', 1, 'acquired', 'before', 0, now())"
check 'the program refuses it' complains 3 'berth migrate' berth pool list
check 'and upgrades it' answers "d->>'from'" 1 berth migrate --json
check 'its contents are there' answers "concat_ws(' ', d->0->>'name', d->0->'used', d->0->'free')" 'old 1 8' berth pool list --json
check 'doctor finds nothing' exits 0 berth doctor
hook up <<'END'
#!/bin/sh
exit 0
END
check 'a hook that had not run runs' work
check '... and its lease is active' answers "d->>'state'" active berth lease show aaaaaaaa-0000-4000-8000-000000000003 --json
check 'it is released as any other' exits 0 berth release aaaaaaaa-0000-4000-8000-000000000003
check '... a worker applies it' work
check '... and gone' answers "d->>'state'" destroyed berth lease show aaaaaaaa-0000-4000-8000-000000000003 --json
check 'doctor finds nothing in the end' exits 0 berth doctor

# A database of schema version 5, see tests/data/upgrade/README.md.
new_database
sql 'drop schema berth, berth_api, berth_guard cascade' 2>"$TMPDIR/dropped"
check 'version 5, as it was dumped' released_restore

# bulk N ACTION OUTCOME DONE FAILED EXPLANATION: an ended bulk; item N M STATE OUTCOME [CREDIT]: one of its
# items.
bulk() {
	sql "insert into berth.command (id, action, kind, target, lane_kind, lane, state, outcome, made, done, total, failed, explanation,
			consumed_at, consumed_by)
		values ('$(lease 11 "$1")', '$2', 'selection', '$(lease 11 "$1")', 'command', '$(lease 11 "$1")', 'done', '$3', $4, $4, $4, $5, '$6',
			now(), 'w')"
}
item() {
	sql "insert into berth.command (id, action, kind, target, lane_kind, lane, state, outcome, parent, credit, consumed_at, consumed_by)
		values ('$(lease 12 "$1$2")', 'release', 'lease', '$(lease 13 "$1$2")', 'lease', '$(lease 13 "$1${2:0:1}")', '$3', $4,
			$([ -n "$5" ] && echo null || echo "'$(lease 11 "$1")'"), $([ -n "$5" ] && echo "'$(lease 11 "$1")'" || echo null), now(), 'w')"
}
lease() {
	printf '%08x-0000-4000-8000-%012x' "$1" "$2"
}
bulk 1 release applied 4 0 '4 of 4 ended, 0 failed'
item 1 1 done "'applied'" ''
item 1 2 done "'rejected'" ''
item 1 3 done "'noop'" ''
item 1 4 cancelled null ''
bulk 2 release applied 2 0 '2 of 2 ended, 0 failed; it went no further: a bulk of planet'
item 2 1 done "'applied'" ''
item 2 2 done "'failed'" ''
item 2 22 done "'applied'" credit
bulk 3 delete failed 2 1 '1 of 2 leases could not be released: the project is closed, and not gone'
item 3 1 done "'applied'" ''
item 3 2 cancelled null ''
bulk 4 release failed 5 1 '5 of 5 ended, 1 failed'
item 4 1 done "'applied'" ''

# The parts that an upgrade must not change.
state() {
	sql "select 'lease', l.id, l.pool, l.resource, l.value, l.state, l.holder, l.project, l.until, l.generation from berth.lease l
		union all select 'command', c.id, c.target, c.parent, c.done, c.state, c.reason, null, c.created, c.attempts from berth.command c
		order by 1, 2"
	sql 'select kind, target, prefix, name, value from berth.label order by 2, 3, 4'
	sql 'select seq, action, kind, target, before, after from berth.event order by seq'
}
state >"$TMPDIR/before"
check 'it has leases, commands and events' test "$(wc -l <"$TMPDIR/before")" -gt 200
check 'the program refuses version 5' complains 3 'berth migrate' berth lease list
check 'and upgrades it' answers "d->>'from'" 5 berth migrate --json
state >"$TMPDIR/after"
check 'nothing in it has changed' diff "$TMPDIR/before" "$TMPDIR/after"
check 'the ended items of a bulk are counted apart' answers "concat_ws(' ', d->'progress'->>'done', d->'progress'->>'applied')" '10 10' \
	berth queue show "$(lease 10 255)" --json
counts() {
	sql "select applied, noop, rejected, failed, cancelled, explanation from berth.command where id = '$(lease 11 "$1")'"
}
check '... also in the explanation of an ended bulk' equal '1|1|1|0|1|4 of 4 ended, 1 applied, 1 no-op, 1 rejected, 1 cancelled' "$(counts 1)"
check '... and of one in which a failed item was made good' equal '2|0|0|0|0|2 of 2 ended, 2 applied; it went no further: a bulk of planet' "$(counts 2)"
check '... and of a deletion' equal '1|0|0|0|1|1 of 2 leases could not be released: the project is closed, and not gone' "$(counts 3)"
check '... and of one whose items are forgotten, as far as it is known' equal '1|0|0|1|0|5 of 5 ended, 1 failed' "$(counts 4)"
sql "delete from berth.command where id = '$(lease 11 4)'"
check 'doctor finds nothing' exits 0 berth doctor
check 'a lease is replayed' answers "d->>'replayed'" true berth allocate web --id "$(lease 1 3)" --json
check 'a batch is replayed' exits 0 berth batch --id "$(lease 8 1)" - <<END
allocate hosts --holder batched
label lease/$(lease 5 1) x=y
END
check '... and gave one lease' equal 1 "$(sql "select count(*) from berth.lease where holder = 'batched'")"
for name in ok bad; do
	hook $name <<'END'
#!/bin/sh
exit 0
END
done
check 'a value comes free' exits 0 berth release "$(lease 3 1)"
check 'a stuck command is retried' exits 0 berth queue retry "$(lease 9 2)"
check 'a worker does the rest' work
check '... to the end of the bulk, each item of which is counted' \
	answers "concat_ws(' ', d->>'state', d->'progress'->>'done', d->'progress'->>'applied')" 'done 60 60' berth queue show "$(lease 10 255)" --json
check 'the pending lease has its value' answers "d->>'state'" active berth lease show "$(lease 3 99)" --json
check 'an unfinished run is continued' exits 0 berth dedupe fix --table legacy.open --key guid --id "$(lease 7 2)"
check '... to its end' equal 50 "$(sql 'select count(*) from legacy.open')"
check '... without its guard' equal '' "$(sql "select relname from pg_class where relnamespace = 'berth_guard'::regnamespace
	union all select tgname from pg_trigger where tgrelid = 'legacy.open'::regclass and not tgisinternal")"
for run in 1 2; do
	check "run $run is undone" exits 0 berth dedupe undo "$(lease 7 $run)"
done
check '... each row is back' equal '200 400' "$(sql 'select (select count(*) from legacy.labels), (select count(*) from legacy.open)' | tr '|' ' ')"
check 'doctor finds nothing in the end' exits 0 berth doctor
