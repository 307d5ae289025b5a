# Helpers for shell tests with servers of their own, after tests/lib.sh.
#
#     cluster_new NAME [OPTION...]        creates a cluster with the migrated database berth, and starts its server
#     cluster_standby NAME OF             creates a streaming standby of another cluster
#     cluster_pair                        makes the clusters one and two, its standby, and $one and $two, their folders
#     cluster_start NAME [OPTION...]      starts its server again, with options of postgres
#     cluster_stop NAME [MODE]            stops it: immediate or fast
#     cluster_promote NAME                promotes it, and waits until it accepts changes
#     cluster_sql NAME TEXT               prints the result as psql -At
#     cluster_folder NAME                 prints the `host` to connect to, as user postgres, database berth
#
# All of them end with the test.

. tests/lib/server.sh

clusters_owner=()
if [ "$(id -u)" -eq 0 ]; then
	clusters_user=postgres
	id -u "$clusters_user" >/dev/null 2>&1 || clusters_user=nobody
	clusters_owner=(setpriv --reuid "$clusters_user" --regid "$(id -g "$clusters_user")" --init-groups)
fi
clusters_names=()
clusters_home=$(mktemp -d /tmp/berth-clusters-XXXXXX)
[ ${#clusters_owner[@]} -eq 0 ] || chown "$clusters_user" "$clusters_home"

cluster_folder() {
	echo "$clusters_home/$1"
}

clusters_do() {
	(cd / && "${clusters_owner[@]}" "$@") >>"$clusters_home.log" 2>&1 || {
		tail -n 5 "$clusters_home.log"
		return 1
	}
}

cluster_sql() {
	psql -XqAt -v ON_ERROR_STOP=1 -h "$clusters_home/$1" -U postgres -d berth -c "$2"
}

cluster_start() {
	local name=$1 folder=$clusters_home/$1
	shift
	clusters_do pg_ctl -D "$folder/data" -l "$folder/log" -w -o "-k $folder -h '' -c fsync=off -c max_connections=50 $*" start
}

cluster_stop() {
	clusters_do pg_ctl -D "$clusters_home/$1/data" -m "${2:-immediate}" -w stop
}

cluster_new() {
	local name=$1 folder=$clusters_home/$1
	clusters_do mkdir -m 700 "$folder" && clusters_do initdb -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C -N || return 1
	chmod 711 "$folder" "$clusters_home"
	clusters_names+=("$name")
	cluster_start "$@" && createdb -h "$folder" -U postgres berth && "$BERTH" -h "$folder" -U postgres -d berth -q migrate
}

# Copies the data of a running server. pg_basebackup copies from servers of its own version or older only.
clusters_copy() {
	local start='pg_backup_start' stop='pg_backup_stop(false)' more=''
	if ! server_since 15; then
		start=pg_start_backup stop='pg_stop_backup(false, false)' more=', false'
	fi
	clusters_do psql -XqAt -v ON_ERROR_STOP=1 -h "$clusters_home/$1" -U postgres -d berth <<-END
		select $start('copy', true$more) \g /dev/null
		\! cp -a '$clusters_home/$1/data' '$2/data'
		select labelfile from $stop \g '$2/data/backup_label'
	END
}

cluster_standby() {
	local folder=$clusters_home/$1
	clusters_do mkdir -m 700 "$folder" && clusters_copy "$2" "$folder" && clusters_do rm "$folder/data/postmaster.pid" &&
		clusters_do tee -a "$folder/data/postgresql.auto.conf" "$folder/data/standby.signal" <<<"primary_conninfo = 'host=$clusters_home/$2 user=postgres application_name=$1'" || return 1
	chmod 711 "$folder"
	clusters_names+=("$1")
	cluster_start "$1"
}

cluster_pair() {
	check 'a primary' cluster_new one
	check 'its standby' cluster_standby two one
	one=$(cluster_folder one) two=$(cluster_folder two)
	export PGUSER=postgres PGDATABASE=berth
}

cluster_promote() {
	clusters_do pg_ctl -D "$clusters_home/$1/data" -w promote
}

clusters_end() {
	local code=$? name
	for name in "${clusters_names[@]}"; do
		cluster_stop "$name" >/dev/null
	done
	rm -rf "$clusters_home" "$clusters_home.log"
	(exit "$code")
	"${clusters_before:-tests_end}"
}
clusters_before=$(trap -p EXIT | sed "s/^trap -- '\([a-z_]*\)' EXIT$/\1/")
trap clusters_end EXIT
