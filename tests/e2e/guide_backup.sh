#!/usr/bin/env bash
# The guide's chapter "Backup and restore": a drill, and what the chapter describes of a restore to another server and to a
# moment.
. tests/lib.sh

# A server is dumped, copied and restored by programs of its own version. The one under test may have none: then it is
# Debian's own that is.
if [ "$(pg_dump --version | grep -oE '[0-9]+' | head -n 1)" -ne "$(postgres --version | grep -oE '[0-9]+' | head -n 1)" ]; then
	PATH=$(pg_config --bindir):$PATH
fi
. tests/lib/guide.sh

guide_machine
guide_reader
mkdir "$guide_folder/pg"
[ ${#clusters_owner[@]} -eq 0 ] || chown "$clusters_user" "$guide_folder/pg"
transcript_stands /var/lib/postgresql "$guide_folder/pg"
guide_chapter backup
for file in roles.sql berth.dump; do
	check "others cannot reach $file" equal 700 "$(stat -c %a "$guide_folder/pg/backup")"
done

# --- a moment -----------------------------------------------------------------

before=6b0c6f0e-8d4b-4c57-9a53-1c0f5b3f8a01
after=6b0c6f0e-8d4b-4c57-9a53-1c0f5b3f8a02
berth -q allocate web --id $before >"$TMPDIR/made"
moment=$(guide_postgres psql -XAtc 'select clock_timestamp()')
berth -q allocate web --id $after >"$TMPDIR/made"
last=$(guide_postgres psql -XAtc 'select pg_walfile_name(pg_switch_wal())')
check 'the log is archived' wait_for test -e "$guide_folder/pg/archive/$last"
unset PGSERVICE
restored=$(cluster_folder restored)
clusters_do mkdir -m 700 "$restored"
clusters_do cp -a "$guide_folder/pg/backup/base" "$restored/data"
clusters_do tee -a "$restored/data/postgresql.auto.conf" <<END
archive_mode = off
restore_command = 'cp $guide_folder/pg/archive/%f %p'
recovery_target_time = '$moment'
recovery_target_action = 'promote'
END
clusters_do touch "$restored/data/recovery.signal"
clusters_names+=(restored)
chmod 711 "$restored"
check 'a server of that moment' cluster_start restored
promoted() {
	[ "$(cluster_sql restored 'select pg_is_in_recovery()' 2>/dev/null)" = f ]
}
check '... accepts changes' wait_for promoted
on_restored() {
	"$BERTH" -h "$restored" -U postgres -d berth "$@"
}
check '... its doctor finds nothing' exits 0 on_restored doctor
check '... it has the lease of before' prints '"replayed":true' on_restored allocate web --id $before --json
check '... and not that of after' exits 4 on_restored lease show $after

# --- another server -------------------------------------------------------------

other=$(cluster_folder other)
clusters_do mkdir -m 700 "$other"
clusters_do initdb -D "$other/data" -U postgres -A trust -E UTF8 --locale=C -N
clusters_names+=(other)
chmod 711 "$other"
check 'a new server' cluster_start other
clusters_do psql -Xq -h "$other" -U postgres -d postgres -f "$guide_folder/pg/backup/roles.sql"
check '... takes the dump' clusters_do pg_restore -h "$other" -U postgres --create --exit-on-error -d postgres "$guide_folder/pg/backup/berth.dump"
check '... its doctor finds nothing' exits 0 "$BERTH" -h "$other" -U postgres -d berth doctor
check '... anna has her rights' equal t "$(cluster_sql other "select pg_has_role('anna', 'berth_admin', 'member')")"
