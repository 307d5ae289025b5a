#!/usr/bin/env bash
# Only migrate and local start create a private server. A command in a hint can be copied: it goes to the server
# of the call that gave the hint.
. tests/lib.sh
. tests/lib/answers.sh

# A hint's last command, from "berth" on, up to the words that tell what it does.
hinted() {
	sed -n 's/^hint: .*\(berth .*\)$/\1/p' <<<"$stderr" | sed "$1"
}
# copied SED CMD...: fails, and the command that its hint names, typed by a shell, works
copied() {
	local edit=$1 command
	shift
	run "$@"
	command=$(hinted "$edit")
	[ -n "$command" ] || tests_show 'a hint with a command' || return 1
	run bash -c "berth() { '$BERTH' \"\$@\"; }; $command"
	[ "$status" -eq 0 ] || {
		echo "$command"
		tests_show 0
	}
}
# silent WORD CMD...: no output contains the word
silent() {
	local word=$1
	shift
	run "$@"
	[[ $stdout$stderr != *"$word"* ]] || tests_show "nothing of $word"
}

new_database
dropped=${PGDATABASE}_bare
createdb -T template0 "$dropped"
tests_databases+=("$dropped")
host=$PGHOST user=$PGUSER

# 1. A verb that only uses a folder does not create it.
away=$TMPDIR/away
while read -r -a verb; do
	check "does not create a server: ${verb[*]}" complains 3 "there is no private server in \"$away\"" \
		berth --local="$away" "${verb[@]}"
	check '... as an error object' refuses unavailable berth --local="$away" "${verb[@]}"
	check '... nor the folder' test ! -e "$away"
done <<'END'
pool list
pool create web --kind number 1-9
allocate web
worker --until-idle
doctor
events
dedupe runs
migrate --check
migrate --dry-run
--read-only migrate
--read-only pool list
--once pools
END
screen_start 80 24 "$BERTH" --local="$away"
check 'the console creates no server' screen_ends 3
screen_stop
check '... nor the folder' test ! -e "$away"
mkdir -m 700 "$TMPDIR/empty"
check 'no server is created in an empty folder' complains 3 'there is no private server' berth --local="$TMPDIR/empty" pool list
check '... which stays empty' equal '' "$(ls -A "$TMPDIR/empty")"
check 'no server is created in the default folder' complains 3 'there is no private server' \
	env XDG_DATA_HOME="$TMPDIR/none" "$BERTH" --local pool list
check '... which does not exist' test ! -e "$TMPDIR/none"

# 2. The hint creates it, also where a shell would read the name otherwise.
local_end() {
	berth local stop -q --local="$folder" >"$TMPDIR/end" 2>&1
}
for name in 'plain' "it's a \$(touch $TMPDIR/run) folder"; do
	folder=$TMPDIR/$name
	check "the hint creates the server: $name" copied 's/ creates it$//' berth --local="$folder" pool list
	check '... in that folder' prints '[]' berth --local="$folder" --json pool list
	check '... and its hints lead there' copied 's/ shows.*//' berth --local="$folder" pool show nope
	local_end
done
check 'no part of a name was run' test ! -e "$TMPDIR/run"

# 3. Options of a server elsewhere; the environment names no server.
export PGHOST=/nowhere PGUSER=nobody PGDATABASE=nope
where=(-h "$host" -U "$user" -p 5432 -d "$dropped")
check 'migrate in a hint goes to the server of the call' copied '' berth "${where[@]}" pool list
check '... and prepares it' exits 0 berth "${where[@]}" pool list
check 'options in any place and form' copied 's/ shows.*//' \
	berth pool show nope --username="$user" --port 5432 --host "$host" --dbname "$dropped"
check 'a URI' copied 's/ shows.*//' berth -d "postgresql://$user:swordfish@/$dropped?host=$host" pool show nope
check '... without its password' silent swordfish \
	berth -d "postgresql://$user:swordfish@/$dropped?host=$host" pool show nope --json
check 'a string' copied 's/ shows.*//' \
	berth -d "host=$host user=$user dbname='$dropped' password='sword fish' application_name='it\\'s \\\\ mine'" pool show nope
check '... without its password' silent fish \
	berth -d "host=$host user=$user dbname='$dropped' password='sword fish'" pool show nope --json
check 'a password by the name of a port' silent swordfish berth -p swordfish --linear
check 'a hint of the screens' complains 2 "berth -h $host -U $user --once pools" berth -h "$host" -U "$user" --linear
check 'help needs no server' silent "berth -h" berth -h "$host" -U "$user" no such verb
berth "${where[@]}" pool create web --kind number 1-9 >"$TMPDIR/end"
lease=$(berth "${where[@]}" allocate web --csv | sed -n '2s/,.*//p')
check 'a note has the options too' complains 8 "(berth -d $dropped -h $host -p 5432 -U $user worker)" \
	berth "${where[@]}" release "$lease" --wait=1s
check 'and so does the command of a timeout' copied '' berth "${where[@]}" release "$lease" --wait=1s
export PGHOST=$host PGUSER=$user
