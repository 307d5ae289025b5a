#!/usr/bin/env bash
# Roles belong to the whole cluster and may have existed before the first migration: created by berth for
# another database, by an administrator, or by someone who wants their rights.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/cluster.sh

check 'a server' cluster_new one
export PGHOST PGUSER=postgres PGDATABASE=postgres
PGHOST=$(cluster_folder one)
# cluster_new has migrated a database: the roles exist, and have no members.
number=0
fresh() {
	number=$((number + 1))
	createdb "new_$number" && export PGDATABASE=new_$number
}
fresh
check 'a second database' exits 0 berth migrate
check '... prints nothing about roles without members' equal '' "$stderr"
sql "create role anna login; create role team; create role dba login createrole; create role mal login createrole; grant berth_viewer to anna; grant berth_operator to team"
fresh
check 'members that an administrator has made' exits 0 berth migrate
check '... are named' equal \
	'berth: these roles existed already, and their members have rights here: berth_operator (team), berth_viewer (anna)' "$stderr"
check '... but not once the schema exists' exits 0 berth migrate
check '... with an empty standard error' equal '' "$stderr"
fresh
check '... nor with --quiet' exits 0 berth -q migrate
check '... with an empty standard error' equal '' "$stderr"
fresh
# From PostgreSQL 16 on the right to create roles is not enough.
! server_since 16 || sql 'grant berth_worker to dba with admin option'
PGUSER=dba psql -Xq -d postgres -c 'grant berth_worker to anna'
check 'members added by an administrator of roles' exits 0 berth migrate -n
check '... are named' equal t "$(grep -q 'berth_worker (anna[),]' "$TMPDIR/stderr" && echo t)"
sql 'create role a1; create role a2; create role a3; create role a4; create role a5; create role a6; grant berth_admin to a1, a2, a3, a4, a5, a6'
check 'many members' exits 0 berth migrate -n
check '... are named up to the length of a line' equal t "$(grep -q 'berth_admin (a1, a2, a3, a4, a5, \.\.\.)' "$TMPDIR/stderr" && echo t)"

# refused MESSAGE: migrate refuses, and creates nothing
refused() {
	refuses not_allowed berth migrate || return 1
	equal "$1 t" "$(fault "concat_ws(' ', d->'error'->>'message', d->'error' ? 'hint')")" &&
		equal 0 "$(sql "select count(*) from pg_namespace where nspname like 'berth%'")"
}
# PLANTED | TAKEN BACK | MESSAGE
while IFS='|' read -r planted back message; do
	check "planted: $planted" sql "$planted"
	check '... is refused' refused "$message"
	check '... but not for a database that has berth' exits 0 berth -d new_1 migrate
	check '... undone' sql "$back"
	check '... the role is accepted' exits 0 berth migrate -n
done <<'END'
alter role berth_admin login|alter role berth_admin nologin|role berth_admin was there already, and is no mere group: it has LOGIN
alter role berth_viewer superuser createdb|alter role berth_viewer nosuperuser nocreatedb|role berth_viewer was there already, and is no mere group: it has SUPERUSER, CREATEDB
alter role berth_worker createrole|alter role berth_worker nocreaterole|role berth_worker was there already, and is no mere group: it has CREATEROLE
alter role berth_worker bypassrls replication|alter role berth_worker nobypassrls noreplication|role berth_worker was there already, and is no mere group: it has REPLICATION, BYPASSRLS
grant berth_admin to team with admin option|revoke berth_admin from team|role berth_admin was there already, and team may make others members of it
END

# A grant by someone who has lost the right to grant. From PostgreSQL 16 on that right cannot be lost as long as something
# depends on it: only a change of the catalog leaves such a grant.
PGUSER=mal psql -Xq -d postgres -c 'create role crony login'
if server_since 16; then
	sql "grant berth_admin to crony; set allow_system_table_mods = on; update pg_auth_members set grantor = 'mal'::regrole where member = 'crony'::regrole"
else
	PGUSER=mal psql -Xq -d postgres -c 'grant berth_admin to crony'
fi
sql 'alter role mal nocreaterole'
check 'a member added by a role that administers nothing is refused' refused 'role berth_admin was there already, and crony is a member by grant of mal'
check '... also with --dry-run' refuses not_allowed berth migrate -n
hint=$(fault "d->'error'->>'hint'")
check '... the hint tells how to revoke it' equal 'let a superuser run: revoke berth_admin from crony granted by mal; who is to have it is granted it after the migration' "$hint"
sql 'revoke berth_admin from crony granted by mal'
check '... which works' exits 0 berth migrate
sql 'grant berth_admin to crony'
check '... also the next time' exits 0 berth migrate

# An ordinary owner in the same cluster.
sql 'create role lone login'
createdb -O lone lone
export PGDATABASE=lone
check 'a database of an ordinary owner' exits 0 env PGUSER=lone "$BERTH" migrate
check '... is warned too' equal t "$(grep -q 'berth_viewer (anna)' "$TMPDIR/stderr" && echo t)"
