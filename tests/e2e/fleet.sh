#!/usr/bin/env bash
# A fleet: lists of the databases of several profiles as one list, also when one of them does not answer.
. tests/lib.sh
. tests/lib/answers.sh

export XDG_CONFIG_HOME=$TMPDIR/config
config=$XDG_CONFIG_HOME/berth/config
mkdir -p "${config%/*}" "$TMPDIR/mute"
new_database
berth -q pool create web --kind number 1-9 >"$TMPDIR/made"
berth -q label pool/web env=prod >"$TMPDIR/made"
berth -q pool create mail --kind number 1-2 --space mail >"$TMPDIR/made"
one=$PGDATABASE
new_database
berth -q pool create web --kind number 1-4 >"$TMPDIR/made"
two=$PGDATABASE
# profiles [LINE...]: the configuration, which begins with these lines
profiles() {
	printf '%s\n' "$@" '[profile one]' "host = $PGHOST" "dbname = $one" 'environment = ONE' \
		'[profile two]' "host = $PGHOST" "dbname = $two" '[profile gone]' "host = $TMPDIR/nowhere" \
		'[profile mute]' "host = $TMPDIR/mute" 'connect_timeout = 2' >"$config"
}
rows="(select string_agg(concat_ws('/', r->>'environment', r->>'name'), ' ') from jsonb_array_elements(d) r)"

profiles 'fleet = two one'
check 'the pools of all databases are one list' answers "$rows" 'two/web one/mail one/web' berth @fleet pool list --json
check '... with all fields of a pool' answers "d->2->'labels'->>'env'" prod berth @fleet pool list --json
check '... as CSV' prints ',environment' berth @fleet pool list --csv
check '... as a table' prints ' ENVIRONMENT' berth @fleet pool list
check '... quietly' equal '' "$(berth @fleet pool list 2>&1 >"$TMPDIR/list")"
check 'options of the verb count in each' answers "$rows" one/web berth @fleet pool list -l env=prod --json
check '... also the sort' answers "$rows" 'two/web one/web one/mail' berth @fleet pool list --sort free --reverse --json
check 'a wrong filter is refused before anything is asked' refuses invalid_input berth @fleet pool list --filter 'status=x'
check 'no server of the environment counts' answers "$rows" 'two/web one/mail one/web' \
	env PGHOSTADDR=192.0.2.1 PGPORT=1 "$BERTH" @fleet pool list --json

profiles 'fleet = gone one mute two'
exec 3< <(exec python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1] + "/.s.PGSQL.5432")
s.listen()
print("ready", flush=True)
time.sleep(3600)' "$TMPDIR/mute")
mute=$!
read -r ready <&3
check 'a server that never answers' equal ready "$ready"
check 'the rows of the others are shown when some do not answer' exits 1 berth @fleet pool list --json
check '... all of them' equal 'one/mail one/web two/web' "$(json "$rows")"
check '... and each that is missing is told' complains 1 'berth: gone: connection to server' berth @fleet pool list
check '... with its reason' complains 1 'berth: mute: the server did not answer in time' berth @fleet pool list
kill "$mute"
profiles 'fleet = gone'
check 'without any answer it is unavailable' refuses unavailable berth @fleet pool list
check '... and so it is told' complains 3 '@fleet: none of its databases has answered' berth @fleet pool list

profiles 'fleet = one two'
check 'nothing needs a person' answers 'jsonb_array_length(d)' 0 berth @fleet alerts --json
berth @one -q allocate mail --count 2 >"$TMPDIR/made"
berth @two -q allocate web --count 4 >"$TMPDIR/made"
check 'alerts of all databases' exits 1 berth @fleet alerts --json
check '... have their environment' equal 'one/pool/mail two/pool/web' \
	"$(json "(select string_agg(concat_ws('/', r->>'environment', r->>'target'), ' ' order by r->>'environment') from jsonb_array_elements(d) r
		where r->>'kind' = 'full')")"
check '... and are sorted by their rank' equal t \
	"$(json "(select bool_and(a <= b) from (select (r->>'rank')::int a, lead((r->>'rank')::int) over (order by n) b
		from jsonb_array_elements(d) with ordinality rows (r, n)) s)")"

check 'a change is refused' refuses invalid_input berth @fleet pool create x --kind number 1-2
check '... with the form that names one' complains 2 'name one profile: @one pool create' berth @fleet pool create x --kind number 1-2
check '... and so is a verb about one database' complains 2 'pool show: @fleet is several databases' berth @fleet pool show web
check 'a server on the command line is refused' complains 2 '--host: not with @fleet' berth @fleet -h x pool list
check 'help is not asked of anybody' prints 'usage: berth pool list' berth @fleet help pool list

profiles 'fleet = one thre'
check 'an unknown profile is named with its line' complains 2 "$config:1: fleet: no such profile: \"thre\"" berth @fleet pool list
printf '[profile fleet]\nhost = %s\ndbname = %s\n' "$PGHOST" "$two" >"$config"
check "a profile of that name is a profile" answers "d->0->>'name'" web berth @fleet pool list --json
: >"$config"
check 'without profiles there is no fleet' complains 2 '@fleet: there are no profiles' berth @fleet pool list
