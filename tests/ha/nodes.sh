# Three machines of a cluster, as processes of this one:  . tests/ha/nodes.sh   after tests/lib.sh
#
# Each node has an address of its own, 127.0.0.11 to 127.0.0.13, so that the files of assets/ha serve with the ports
# of real machines. The pooler, HAProxy and the clients are at 127.0.0.10.
#
#     node_start NAME       starts etcd and Patroni of pg1, pg2 or pg3, which starts the server
#     node_kill NAME        ends all its processes at once, as a power failure does
#     node_hang NAME        stops them all in the middle of what they do;  node_wake NAME  lets them go on
#     node_leader           prints the node that has the lead, or nothing
#     node_whole            succeeds when a leader has two standbys, one of them synchronous
#     haproxy_start         and pgbouncer_start: start them in front of the nodes
#     nodes_sql DATABASE TEXT    prints a result of the primary, as psql -At

ha_front=127.0.0.10
ha_names=(pg1 pg2 pg3)
declare -A ha_address=([pg1]=127.0.0.11 [pg2]=127.0.0.12 [pg3]=127.0.0.13)
declare -A ha_etcd=() ha_patroni=()
ha_children=()
ha_password=$(uuidgen)
ha_bin=$(pg_config --bindir)
ha_user=postgres
ha_as=()
if [ "$(id -u)" -eq 0 ]; then
	ha_as=(setpriv --reuid "$ha_user" --regid "$(id -g "$ha_user")" --init-groups)
	chown "$ha_user" "$TMPDIR"
fi

# fill FILE NAME ADDRESS FOLDER: writes a file of assets/ha with its places filled
fill() {
	sed -e "s|@NAME@|$2|g" -e "s|@ADDRESS@|$3|g" -e "s|@FOLDER@|$4|g" -e "s|@BIN@|$ha_bin|g" \
		-e "s|@PASSWORD@|$ha_password|g" -e "s|@PG1@|${ha_address[pg1]}|g" -e "s|@PG2@|${ha_address[pg2]}|g" \
		-e "s|@PG3@|${ha_address[pg3]}|g" "assets/ha/$1" | "${ha_as[@]}" tee "$4/$1" >/dev/null
}

# launch LOG CMD...: starts a daemon; its process is $!
launch() {
	local log=$1
	shift
	(cd / && exec "${ha_as[@]}" "$@") >>"$log" 2>&1 </dev/null &
}

node_make() {
	local folder=$TMPDIR/$1
	"${ha_as[@]}" mkdir -m 700 "$folder"
	fill etcd.conf.yml "$1" "${ha_address[$1]}" "$folder"
	fill patroni.yml "$1" "${ha_address[$1]}" "$folder"
}

node_start() {
	[ -d "$TMPDIR/$1" ] || node_make "$1"
	launch "$TMPDIR/$1.etcd.log" etcd --config-file "$TMPDIR/$1/etcd.conf.yml"
	ha_etcd[$1]=$!
	launch "$TMPDIR/$1.log" patroni "$TMPDIR/$1/patroni.yml"
	ha_patroni[$1]=$!
}

# Prints the processes of a node, the ones that start others first.
node_processes() {
	local postmaster
	printf '%s\n' "${ha_patroni[$1]}" "${ha_etcd[$1]}"
	pgrep -P "${ha_patroni[$1]}"
	if postmaster=$(head -n 1 "$TMPDIR/$1/data/postmaster.pid" 2>/dev/null); then
		printf '%s\n' "$postmaster"
		pgrep -P "$postmaster"
	fi
}

# node_signal NAME SIGNAL: a process that was started meanwhile gets it in the next round
node_signal() {
	local processes before=
	until processes=$(node_processes "$1") && [ "$processes" = "$before" ]; do
		# shellcheck disable=SC2086
		kill -"$2" $processes 2>/dev/null
		[ "$2" != KILL ] || break
		before=$processes
	done
}

node_kill() {
	node_signal "$1" STOP
	node_signal "$1" KILL
	wait "${ha_patroni[$1]}" "${ha_etcd[$1]}" 2>/dev/null
	rm -f "$TMPDIR/$1/data/postmaster.pid"
}

node_hang() {
	node_signal "$1" STOP
}

node_wake() {
	node_signal "$1" CONT
}

# Prints what a node that answers knows of the cluster.
node_view() {
	local name
	for name in "${ha_names[@]}"; do
		if curl -s --max-time 2 "http://${ha_address[$name]}:8008/cluster"; then
			return 0
		fi
	done
	return 1
}

node_leader() {
	node_view | jq -r '.members[] | select(.role == "leader" and .state == "running") | .name'
}

node_standby() {
	node_view | jq -r '.members[] | select(.role == "sync_standby") | .name'
}

node_whole() {
	node_view | jq -e '
		([.members[] | select(.state == "running" or .state == "streaming") | .role] | sort) == ["leader", "replica", "sync_standby"]
		and (.members | map(.timeline) | unique | length) == 1' >/dev/null
}

# front_start NAME FILE CMD...: starts a daemon beside the clients
front_start() {
	local name=$1 file=$2 folder=$TMPDIR/front
	shift 2
	[ -d "$folder" ] || "${ha_as[@]}" mkdir -m 700 "$folder"
	fill "$file" front "$ha_front" "$folder"
	launch "$TMPDIR/$name.log" "$@" "$folder/$file"
	ha_children+=($!)
}

haproxy_start() {
	front_start haproxy haproxy.cfg haproxy -db -f
	wait_for nodes_sql postgres 'select 1' >/dev/null 2>&1
}

# pgbouncer knows the passwords as the server does: by their digests. So the logins are made first.
pgbouncer_start() {
	nodes_sql postgres "select format('\"%s\" \"%s\"', rolname, rolpassword) from pg_authid where rolpassword is not null" |
		"${ha_as[@]}" tee "$TMPDIR/front/userlist.txt" >/dev/null
	front_start pgbouncer pgbouncer.ini pgbouncer
}

nodes_sql() {
	PGPASSWORD=$ha_password psql -XqAt -v ON_ERROR_STOP=1 -h "$ha_front" -p 5000 -U postgres -d "$1" -c "$2"
}

nodes_end() {
	local code=$? name
	screen_stop
	for name in "${ha_names[@]}"; do
		[ -z "${ha_patroni[$name]-}" ] || node_kill "$name"
	done
	[ ${#ha_children[@]} -eq 0 ] || kill "${ha_children[@]}" 2>/dev/null
	if [ "$code" -eq 0 ] && [ "$tests_bad" -eq 0 ]; then
		cd / && rm -rf "$TMPDIR"
	else
		echo "the logs are in $TMPDIR" >&2
	fi
	(exit "$code")
	tests_end
}
trap nodes_end EXIT
