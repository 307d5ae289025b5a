#!/usr/bin/env bash
# The guide's chapter "Upgrading without downtime", with a database of an earlier version; and what the chapter says about
# old programs and about applications.
. tests/lib.sh
. tests/lib/guide.sh

guide_machine
guide_postgres psql -Xq -v ON_ERROR_STOP=1 -d berth -c 'drop schema berth, berth_api, berth_guard cascade' 2>"$TMPDIR/dropped"
# PostgreSQL 14 has no such constraint; the chapter does not look at it.
gunzip -c tests/data/upgrade/9aad9e1.sql.gz | sed 's/UNIQUE NULLS NOT DISTINCT/UNIQUE/' | guide_postgres psql -Xq -v ON_ERROR_STOP=1 -d berth -o "$TMPDIR/restored"
# Version 5 stored the number of a table, which a dump does not contain.
guide_postgres psql -Xq -d berth -c 'update berth.dedupe_run set relation = name::regclass'
guide_reader
guide_worker
guide_chapter upgrade

# Another program migrates it further: this one is the old program now.
guide_postgres psql -Xq -d berth -c "insert into berth.schema_version (version, name) values (1000, 'newer')"
check 'an old program is refused' complains 3 'use a newer berth' berth pool list
check '... also to migrate' complains 3 'use a newer berth' guide_postgres berth -d berth migrate
check 'an old worker goes on while it is connected' prints active systemctl is-active berth-worker
check 'applications go on' prints acquired psql -XqAt \
	-c "begin; select state from berth_api.allocate(pool => (select name from berth_api.pool where free > 0 and kind = 'number' and project is null order by name limit 1)); rollback"
guide_postgres psql -XqAt -c "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'berth_worker_1'" >"$TMPDIR/cut"
stopped() {
	! systemctl is-active berth-worker 2>/dev/null
}
check 'an old worker that has to connect again ends' wait_for stopped
check '... and says why' grep -q 'schema version 1000' "$guide_folder/journal/berth-worker"
