#!/usr/bin/env bash
# The private server: created, kept, stopped; also as root.
. tests/lib.sh
. tests/lib/answers.sh

unset PGHOST PGUSER PGDATABASE
export XDG_DATA_HOME=$TMPDIR/data
server=$TMPDIR/s

# A process that is not reaped yet has ended too.
ended() {
	! grep -qs '^State:[[:space:]]*[^Z[:space:]]' "/proc/$1/status"
}

check 'the server does not exist at first' answers "concat_ws(' ', d->>'state', d->>'folder', d->>'pid')" "stopped $server" \
	berth local status --local="$server" --json
check 'status creates nothing' test ! -e "$server"
check 'stop creates nothing' exits 0 berth local stop --local="$server"
check 'help creates nothing' exits 0 berth local start --local="$server" --help
check 'there is still nothing' test ! -e "$server"

check 'migrate creates it' answers "d->'to' > '0'" t berth --local="$server" migrate --json
check 'the folder is its own' equal 700 "$(stat -c %a "$server")"
check 'with a socket and no port' equal '' "$(psql -XqAt -h "$server" -U berth -d berth -c 'show listen_addresses')"
check 'it keeps running' answers "d->>'state'" running berth local status --local="$server" --json
pid=$(json "d->>'pid'")
check 'the process id is right' kill -0 "$pid"
check 'not as root' test "$(stat -c %u "/proc/$pid")" -ne 0
check 'starting it again changes nothing' answers "d->>'pid'" "$pid" berth local start --local="$server" --json
check 'a pool is created on it' exits 0 berth --local="$server" pool create web --kind ipv4 10.0.0.0/24
check 'psql can go where status says' equal web \
	"$(psql -XqAt -h "$server" -p 5432 -U berth -d berth -c 'select name from berth.pool')"
check 'and so can berth' answers "d->0->>'name'" web berth -h "$server" -U berth -d berth pool list --json
check '--local overrides the environment' answers "d->0->>'name'" web \
	env PGHOST=/nowhere PGDATABASE=nope PGUSER=nope PGHOSTADDR=127.0.0.1 "$BERTH" --local="$server" pool list --json
check '--local and --host are refused together' complains 2 '--host: not together with --local' berth --local="$server" -h elsewhere pool list
check 'stopped' answers "concat_ws(' ', d->>'state', d->>'pid')" stopped berth local stop --local="$server" --json
check 'its process has ended' ended "$pid"
check 'again' exits 0 berth local stop --local="$server"
check 'as a table' prints 'state   stopped' berth local status --local="$server"
check 'as CSV' prints 'stopped,' berth local status --local="$server" --csv
check '-h finds no server' complains 3 'No such file' berth -h "$server" -U berth -d berth pool list
check 'the next use starts it' answers "d->0->>'name'" web berth --local="$server" pool list --json
check 'and it is stopped' exits 0 berth local stop --local="$server"

check 'without DIR it is where XDG says' answers "d->>'folder'" "$XDG_DATA_HOME/berth/server" berth local status --json

# Several at once, on a folder that is not there: one server.
together() {
	local n pids=() codes=
	for n in 1 2 3 4; do
		berth local start --local="$TMPDIR/t" --csv >"$TMPDIR/together.$n" 2>&1 &
		pids+=($!)
	done
	for n in "${pids[@]}"; do
		wait "$n"
		codes+=$?
	done
	equal 0000 "$codes" && equal 1 "$(tail -qn 1 "$TMPDIR"/together.* | sort -u | wc -l)"
}
check 'four at once start one' together
check 'which is stopped' answers "d->>'state'" stopped berth local stop --local="$TMPDIR/t" --json

mkdir "$TMPDIR/full" "$TMPDIR/empty"
echo mine >"$TMPDIR/full/file"
while IFS='|' read -r folder text; do
	eval "folder=$folder"
	check "not a folder for a server: $folder" complains 2 "$text" berth local start --local="$folder"
	check '... as an error object' refuses invalid_input berth local start --local="$folder"
done <<'END'
"$TMPDIR/full"|is not empty, and not a private server of berth
"$TMPDIR/full/file"|Not a directory
"$TMPDIR/full/file/x"|Not a directory
/dev/null|Not a directory
""|must not be empty
END
check 'the files are unchanged' equal mine "$(cat "$TMPDIR/full/file")"
check 'an empty folder will do' exits 0 berth local start --local="$TMPDIR/empty"
check 'and is stopped' exits 0 berth local stop --local="$TMPDIR/empty"
