#!/usr/bin/env bash
# An upgrade from each version of the schema in tests/data/upgrade: the database is sound, has what it had, and can be used.
#
# Up to version 4 each is made empty. Version 5 has the data of the dump, and goes on from release to release with the
# SQL of each; from each of them a copy goes to the present version.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/server.sh
. tests/lib/released.sh

released_unpack || exit 1

# old_database: makes an empty one, without berth; its copies have its name and a number
old_database() {
	old=released_$$_${#tests_databases[@]}
	createdb "$old" && tests_databases+=("$old")
	export PGDATABASE=$old
}

# The parts that no upgrade changes.
held() {
	sql "select 'lease', l.id, l.pool, l.resource, l.value, l.state, l.holder, l.project, l.until, l.generation from berth.lease l
		union all select 'command', c.id, c.target, c.parent, c.done, c.state, c.reason, null, c.created, c.attempts from berth.command c
		order by 1, 2"
	sql 'select kind, target, prefix, name, value from berth.label order by 2, 3, 4'
	sql 'select seq, action, kind, target, before, after from berth.event order by seq'
}
has_all() {
	held >"$TMPDIR/after"
	diff "$TMPDIR/held" "$TMPDIR/after"
}

# upgrades VERSION: checks the upgrade of a copy to the present version
upgrades() {
	local copy=${old}_$1
	createdb -T "$old" "$copy" && tests_databases+=("$copy")
	export PGDATABASE=$copy
	check "version $1 is upgraded" answers "d->>'from'" "$1" berth migrate --json
	if [ "$1" -lt 5 ]; then
		check '... and can be used' exits 0 berth pool create web --kind number 1-9
		check '... by an allocation' answers "d->>'value'" 1 berth allocate web --json
	else
		check '... and has what it had' has_all
		check '... and knows the lease of an id' answers "d->>'replayed'" true berth allocate web --id "$kept" --json
	fi
	check '... and is sound' exits 0 berth doctor
	export PGDATABASE=$old
	dropdb "$copy"
	unset 'tests_databases[-1]'
}

for version in $(released_versions); do
	if [ "$version" -lt 5 ]; then
		old_database
		check "version $version" released_create "$version"
	elif [ "$version" -eq 5 ]; then
		old_database
		check 'version 5 with data' released_restore
		held >"$TMPDIR/held"
		kept=$(sql "select l.id from berth.lease l join berth.pool p on p.id = l.pool where p.name = 'web' and l.state = 'active' limit 1")
		check '... of hundreds of rows' test "$(wc -l <"$TMPDIR/held")" -gt 200
	else
		check "version $version" released_migrate "$version"
	fi
	upgrades "$version"
done
