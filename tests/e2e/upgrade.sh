#!/usr/bin/env bash
# A database of the first version, with data: upgraded, it is sound and goes on.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
sql 'drop schema berth cascade' 2>"$TMPDIR/dropped"
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
check 'what it held is there' answers "concat_ws(' ', d->0->>'name', d->0->'used', d->0->'free')" 'old 1 8' berth pool list --json
check 'doctor finds nothing' exits 0 berth doctor
hook up <<'END'
#!/bin/sh
exit 0
END
check 'a hook that had not run runs' work
check '... and its lease is active' answers "d->>'state'" active berth lease show aaaaaaaa-0000-4000-8000-000000000003 --json
check 'it is released as any other' exits 0 berth release aaaaaaaa-0000-4000-8000-000000000003
check '...' work
check '... and gone' answers "d->>'state'" destroyed berth lease show aaaaaaaa-0000-4000-8000-000000000003 --json
check 'doctor finds nothing in the end' exits 0 berth doctor
