# Databases of released versions, after tests/lib.sh and tests/lib/server.sh. See tests/data/upgrade/README.md.
#
#     released_restore [OWNER]    restores the dump of version 5 into $PGDATABASE, as it was; its objects become OWNER's
#     released_unpack             unpacks the SQL of every version into $released
#     released_versions           prints the versions
#     released_create VERSION     fills $PGDATABASE, which is empty, as the program of that version did
#     released_migrate VERSION    migrates $PGDATABASE to that version from the one before, as its program did

released=$TMPDIR/released

released_restore() {
	local owner=${1-postgres}
	gunzip -c tests/data/upgrade/9aad9e1.sql.gz |
		sed -e "s/OWNER TO postgres;/OWNER TO \"$owner\";/" -e "s/ UNIQUE NULLS NOT DISTINCT / UNIQUE$nulls_not_distinct /" |
		psql -Xq -v ON_ERROR_STOP=1 -o "$TMPDIR/restored" &&
		# Version 5 stored the number of a table, which a dump does not contain.
		sql 'update berth.dedupe_run set relation = name::regclass' &&
		unset_key legacy.labels guid name && unset_key legacy.open guid
}

released_unpack() {
	python3 -m tarfile -e tests/data/upgrade/released.tar.xz "$released"
}

released_versions() {
	find "$released" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n
}

# Prints the migrations of a version, and a note of each.
released_migrations() {
	local script name
	for script in "$released/$1/schema"/*.sql; do
		name=${script##*/}
		cat "$script"
		printf "insert into berth.schema_version (version, name) values (%d, '%s');\n" $((10#${name%%_*})) "${name%.sql}"
	done
}

# Runs SQL from standard input, then the routines of a version, in one transaction.
released_run() {
	{
		echo 'begin; set local search_path = pg_catalog, pg_temp; set local client_min_messages = warning;'
		cat
		cat "$released/$1/routines"/*.sql
		echo 'commit;'
	} | psql -Xq -v ON_ERROR_STOP=1 -o "$TMPDIR/migrated"
}

released_create() {
	local version
	{
		echo 'create schema berth; create table berth.schema_version (version int not null constraint schema_version_pkey
			primary key, name text not null, applied timestamptz not null default now());'
		for version in $(released_versions); do
			[ "$version" -gt "$1" ] || released_migrations "$version"
		done
	} | released_run "$1"
}

released_migrate() {
	released_migrations "$1" | released_run "$1"
}
