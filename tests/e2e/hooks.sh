#!/usr/bin/env bash
# Hooks: their input, the effect of their ends, and the files that are not run.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/workers.sh

new_database
hooks=$TMPDIR/hooks
mkdir "$hooks"

# hook NAME: writes a script of that name, from standard input
hook() {
	{
		echo '#!/bin/bash'
		cat
	} >"$hooks/$1.new" && chmod 755 "$hooks/$1.new" && mv "$hooks/$1.new" "$hooks/$1"
}

# pool NAME OPTION...: of hosts, in a space of its own
pool() {
	local name=$1
	shift
	berth -q pool create "$name" --kind host --space "$name" h1:50 "$@" >"$TMPDIR/made"
}

explains() { # explains COMMAND TEXT
	asks "select explanation from berth.command where id = '$1'" "$2"
}
attempts_are() {
	equal "$2" "$(sql "select attempts from berth.command where id = '$1'")"
}
destroyed_once() {
	asks "select string_agg(action, ' ' order by seq) from berth.event where target = '$1' and action in ('release', 'destroy')" 'release destroy'
}

# Names are checked when a pool is created, and again when they are used.
long=$(printf 'x%.0s' {1..64})
table_of_refusals <<END
pool create p --kind number --release-hook ../x|invalid_input|--release-hook: hook "../x"
pool create p --kind number --release-hook a/b|invalid_input|--release-hook: hook "a/b"
pool create p --kind number --release-hook "a b"|invalid_input|--release-hook: hook "a b"
pool create p --kind number --release-hook .hidden|invalid_input|--release-hook: hook ".hidden"
pool create p --kind number --release-hook ""|invalid_input|--release-hook
pool create p --kind number --activate-hook -x|invalid_input|--activate-hook: hook "-x"
pool create p --kind number --activate-hook "x;y"|invalid_input|--activate-hook: hook "x;y"
pool create p --kind number --activate-hook $long|invalid_input|--activate-hook: hook "xxx
END

# A hook that succeeds, and its input.
hook tells <<-END
	printf '%s\n' "\$@" >"$TMPDIR/arguments"
	cat >"$TMPDIR/input"
	pwd -P >"$TMPDIR/folder"
	tr '\0' '\n' </proc/\$\$/environ | cut -d= -f1 | sort | tr '\n' ' ' >"$TMPDIR/environment"
END
pool tells --release-hook tells
lease=$(new_lease tells)
command=$(release "$lease" --reason $'it is "old"\n\x1b[2J')
check 'a hook is run' exits 0 env PGAPPNAME=secret "$BERTH" worker --until-idle -q --name runner --hooks "$hooks"
check '... the release is applied' command_is "$command" 'done applied'
check '... the lease destroyed' destroyed_once "$lease"
check 'its arguments' equal "release $lease h1:1" "$(tr '\n' ' ' <"$TMPDIR/arguments" | sed 's/ $//')"
check 'its input is one line' equal 1 "$(wc -l <"$TMPDIR/input")"
gets() {
	equal "$2" "$(tests_json "$1" "$(<"$TMPDIR/input")")"
}
check '... with these members' gets "(select string_agg(k, ' ' order by k) from jsonb_object_keys(d) k)" 'attempt command epoch event lease'
check '... the event' gets "d->>'event'" release
check '... the attempt' gets "concat_ws(' ', d->>'attempt', d->>'epoch')" '1 1'
check '... the lease' gets "concat_ws(' ', d->'lease'->>'id', d->'lease'->>'value', d->'lease'->>'pool', d->'lease'->>'state')" \
	"$lease h1:1 tells released"
check '... as lease show has it' gets "(select string_agg(k, ' ' order by k) from jsonb_object_keys(d->'lease') k)" \
	'acquired activated created created_by destroyed first generation holder id kind labels last pool priority project released resource state until value'
check '... the command' gets "concat_ws(' ', d->'command'->>'id', d->'command'->>'action', d->'command'->>'state', d->'command'->>'worker')" \
	"$command release running runner"
check '... exactly' gets "d->'command'->>'reason' = e'it is \"old\"\n\x1b[2J'" t
check 'its folder' equal "$(realpath "$hooks")" "$(<"$TMPDIR/folder")"
check 'its environment' equal 'LANG PATH ' "$(<"$TMPDIR/environment")"

hook grows <<-END
	[ "\$1" = activate ] || exit 1
END
pool grows --activate-hook grows
lease=$(new_lease grows)
check 'a lease waits for its activate hook' lease_is "$lease" acquired
check '... which is run' exits 0 berth worker --until-idle -q --hooks "$hooks"
check '... and it is active' lease_is "$lease" active

# A hook that fails: it runs again later, and then only on request.
hook fails <<-'END'
	echo 'no such record' >&2
	exit 3
END
pool fails --release-hook fails
lease=$(new_lease fails)
command=$(release "$lease")
check 'a failed try is no failure of the worker' exits 0 berth worker --until-idle --hooks "$hooks" --retry-base 1h
check '... which reports it' grep -q "lease $lease: its release hook fails failed (attempt 1): exit 3: no such record" "$TMPDIR/stderr"
check '... the command has the reason' explains "$command" 'exit 3: no such record'
check '... which is queued again' command_is "$command" queued
check '... for later' equal t "$(sql "select not_before > now() + interval '20 minutes' from berth.command where id = '$command'")"
check '... and counts' attempts_are "$command" 1
sql "update berth.command set not_before = now() where id = '$command'" >"$TMPDIR/sql"
worker_start w --hooks "$hooks" --retry-base 1ms --attempts 3
check 'the last try puts it into quarantine' command_is "$command" quarantined
check '... and counts' attempts_are "$command" 3
check '... the lease is broken' lease_is "$lease" broken
check '... the worker reports it' worker_says w "lease $lease: broken; berth queue retry, skip or force $command"
hook fails <<-'END'
	exit 0
END
check 'it is repaired and retried' exits 0 berth -q queue retry "$command"
check '... and succeeds' lease_is "$lease" destroyed
hook dies <<-'END'
	kill -9 $$
END
pool dies --release-hook dies
command=$(release "$(new_lease dies)")
check 'a hook that dies' explains "$command" 'signal 9'

# Its output is foreign text, and may be long.
hook curses <<-'END'
	printf 'red \e[31m\e]0;title\a\nbytes \xff\0 end\n\n' >&2
	exit 1
END
pool curses --release-hook curses
command=$(release "$(new_lease curses)")
check 'its output is stored exactly' asks "select explanation = e'exit 1: red \\x1b[31m\\x1b]0;title\\x07\\nbytes \\uFFFD\\uFFFD end'
	from berth.command where id = '$command'" t
hook shouts <<-'END'
	head -c 3000000 /dev/zero | tr '\0' y >&2
	printf 'the end' >&2
	exit 1
END
pool shouts --release-hook shouts
command=$(release "$(new_lease shouts)")
check '... the end of a long one' asks "select explanation = 'exit 1: ' || repeat('y', 993) || 'the end' from berth.command where id = '$command'" t
check 'the end of the worker' worker_stop w
check 'its output is made safe for a terminal' equal 0 "$(LC_ALL=C grep -c '[[:cntrl:]]' "$TMPDIR/w.said")"

# Files that are not run: each try fails, with the reason.
pool refused --release-hook refused
command=$(release "$(new_lease refused)")
try() {
	sql "update berth.command set not_before = now(), spent = attempts where id = '$command'" >"$TMPDIR/sql"
	berth worker --until-idle -q --hooks "$hooks" --retry-base 1h && explains "$command" "$1"
}
made() { # made MODE: a hook that would leave a trace
	rm -rf "$hooks/refused"
	printf '#!/bin/sh\n>%s\n' "$TMPDIR/trace" >"$hooks/refused"
	chmod "$1" "$hooks/refused"
}
check 'missing' try 'hook refused: there is no such file'
made 644
check 'not executable' try 'hook refused: not executable'
made 757
check 'writable by all' try 'hook refused: others can write to it'
made 775
check 'writable by a group' try 'hook refused: others can write to it'
made 755
mv "$hooks/refused" "$TMPDIR/elsewhere"
ln -s "$TMPDIR/elsewhere" "$hooks/refused"
check 'a link' try 'hook refused: a symbolic link'
ln -sf tells "$hooks/refused"
check 'a link within' try 'hook refused: a symbolic link'
rm "$hooks/refused"
mkdir "$hooks/refused"
check 'a folder' try 'hook refused: not a regular file'
rmdir "$hooks/refused"
mkfifo -m 755 "$hooks/refused"
check 'a pipe' try 'hook refused: not a regular file'
if [ "$(id -u)" -eq 0 ]; then
	made 755
	chown nobody "$hooks/refused"
	check 'owned by another user' try 'hook refused: belongs to another user'
else
	check 'owned by another user: needs root' true
fi
made 755
sed -i '1s|.*|#!/no/such/shell|' "$hooks/refused"
check 'without its interpreter' try 'exit 127: cannot be run: No such file or directory'
for name in ../elsewhere "$TMPDIR/elsewhere" . .. 'a b' '$(id)'; do
	sql "update berth.pool set release_hook = '$name' where name = 'refused'" >"$TMPDIR/sql" 2>&1
	if [ "$(sql "select release_hook from berth.pool where name = 'refused'")" = "$name" ]; then
		check "a name that slipped into the database: $name" try "hook \"$name\": a name is letters, digits, \".\", \"_\" and \"-\", and begins with a letter or digit"
	else
		check "a name that does not slip into the database: $name" true
	fi
done
sql "update berth.pool set release_hook = 'refused' where name = 'refused'" >"$TMPDIR/sql"
made 755
worker_start w --hooks "$hooks"
check 'a worker whose folder changes' is_alive w
chmod 777 "$hooks"
sql "update berth.command set not_before = now(), spent = attempts where id = '$command'; select berth.wake()" >"$TMPDIR/sql"
check '... runs nothing from it' explains "$command" "the folder of the hooks, $(realpath "$hooks"): others can write to it"
chmod 755 "$hooks"
check 'none of these was run' test ! -e "$TMPDIR/trace"
sql "update berth.command set not_before = now(), spent = attempts where id = '$command'; select berth.wake()" >"$TMPDIR/sql"
check 'a good hook is applied' command_is "$command" 'done applied'
check '... and was run' test -e "$TMPDIR/trace"
check 'and the worker ends' worker_stop w

# The deadline applies to the whole process group.
hook hangs <<-END
	sleep 1000 &
	echo \$! >"$TMPDIR/child"
	echo working >&2
	sleep 1000
END
pool hangs --release-hook hangs
command=$(release "$(new_lease hangs)")
check 'a hook that hangs' exits 0 berth worker --until-idle -q --hooks "$hooks" --hook-deadline 500ms --retry-base 1h
check '... is killed at its deadline' explains "$command" 'deadline of 500ms passed: working'
ended() {
	! grep -qs '^State:[[:space:]]*[^Z[:space:]]' "/proc/$1/status"
}
check '... with its children' wait_for ended "$(<"$TMPDIR/child")"

# Input that the hook does not read, and a standard error that outlives it.
hook odd <<-'END'
	exec <&-
	sleep 1000 &
	echo $! >&2
	exit 9
END
pool odd --release-hook odd
command=$(release "$(new_lease odd)")
check 'a hook that leaves a process' exits 0 berth worker --until-idle -q --hooks "$hooks" --retry-base 1h
left=$(sql "select substring(explanation from 'exit 9: (.*)') from berth.command where id = '$command'")
check '... is not waited for' kill "$left"

# Hooks run beside all other work, up to a number at a time.
hook slow <<-END
	echo "\$2" >>"$TMPDIR/begun"
	until [ -e "$TMPDIR/go" ]; do sleep 0.01; done
END
begun_is() {
	[ "$(sort -u "$TMPDIR/begun" 2>/dev/null | wc -l)" -eq "$1" ]
}
pool slow --release-hook slow
pool plain
worker_start w --hooks "$hooks" --jobs 2 --heartbeat 100ms
slow=()
for i in 1 2 3; do
	slow+=("$(release "$(new_lease slow)")")
done
check 'two hooks run' wait_for begun_is 2
command=$(release "$(new_lease plain)")
check 'they delay no command without a hook' command_is "$command" 'done applied'
seen=$(sql "select extract(epoch from heartbeat) from berth.worker where name = 'w'")
check '... and no heartbeat' asks "select extract(epoch from heartbeat) > $seen from berth.worker where name = 'w'" t
check '... and no third hook runs' begun_is 2
check 'the row of the worker has the oldest hook' equal t \
	"$(sql "select running in ('${slow[0]}', '${slow[1]}') and since is not null from berth.worker_view where name = 'w'")"
touch "$TMPDIR/go"
for id in "${slow[@]}"; do
	check 'a slow hook succeeds' command_is "$id" 'done applied'
done
check 'three hooks have run' begun_is 3

# The connection is lost while a hook runs: its end is reported over the next one.
rm -f "$TMPDIR/go" "$TMPDIR/begun"
lease=$(new_lease slow)
command=$(release "$lease")
check 'a hook runs' wait_for begun_is 1
sql "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()" >"$TMPDIR/gone"
touch "$TMPDIR/go"
check '... and its end counts' command_is "$command" 'done applied'
check '... once' destroyed_once "$lease"
check '... at the first try' attempts_are "$command" 1

# SIGTERM waits for it; a second one does not.
rm -f "$TMPDIR/go" "$TMPDIR/begun"
command=$(release "$(new_lease slow)")
other=$(release "$(new_lease slow)")
third=$(release "$(new_lease slow)")
check 'two hooks run, one waits' wait_for begun_is 2
kill -TERM "$(worker_pid w)"
touch "$TMPDIR/go"
check 'SIGTERM lets hooks end' worker_ends 0 w
check '... their ends count' command_is "$command" 'done applied'
check '... for both' command_is "$other" 'done applied'
check '... and begins no other' command_is "$third" queued

# A second signal stops running hooks and returns them: the run does not count.
rm -f "$TMPDIR/go" "$TMPDIR/begun"
worker_start w --hooks "$hooks"
check 'the third one runs' wait_for begun_is 1
kill -TERM "$(worker_pid w)"
check 'the worker waits for it' worker_says w 'worker w: ending; 1 hook still runs'
kill -TERM "$(worker_pid w)"
check 'a second signal ends the worker' worker_ends 0 w
check '... it is not alive' is_dead w
check 'the claim was given back' explains "$third" 'given back by worker w, which was stopped'
check '... and is not one of the tries' equal 1 "$(sql "select spent from berth.command where id = '$third'")"
touch "$TMPDIR/go"
check 'the next worker runs it' exits 0 berth worker --until-idle -q --hooks "$hooks"
check '... and it succeeds' command_is "$third" 'done applied'

# A worker that is stopped within its hook past the deadline: another takes over, and the late end is refused.
rm -f "$TMPDIR/go" "$TMPDIR/begun"
worker_start late --hooks "$hooks" --heartbeat 100ms --hook-deadline 1m
lease=$(new_lease slow)
command=$(release "$lease")
check 'a hook runs on the first worker' wait_for begun_is 1
kill -STOP "$(worker_pid late)"
worker_start heir --hooks "$hooks" --heartbeat 100ms
check 'the first one counts as dead' wait_for is_dead late
check 'the second one takes over' asks "select worker from berth.command where id = '$command'" heir
touch "$TMPDIR/go"
check '... and ends it' command_is "$command" 'done applied'
kill -CONT "$(worker_pid late)"
check 'the late end is refused' worker_says late "lease $lease: its release hook slow ended too late; another run counts"
check '... and changes nothing' destroyed_once "$lease"
check 'the first worker is alive again' is_alive late
check 'and ends' worker_stop late

# Hooks that do not end are killed after ten seconds, and returned.
rm -f "$TMPDIR/go" "$TMPDIR/begun"
command=$(release "$(new_lease slow)")
check 'a hook runs that does not end' wait_for begun_is 1
check 'the worker ends nevertheless' worker_stop heir
check '... the claim was given back' explains "$command" 'given back by worker heir, which was stopped'
touch "$TMPDIR/go"
worker_start heir --hooks "$hooks" --heartbeat 100ms
check '... and is taken by the next' command_is "$command" 'done applied'

# A hook that is killed.
rm -f "$TMPDIR/go" "$TMPDIR/begun"
lease=$(new_lease slow)
command=$(release "$lease")
check 'a hook runs again' wait_for begun_is 1
kill -KILL "$(worker_pid heir)"
check 'its worker is killed' worker_ends 137 heir
touch "$TMPDIR/go"
worker_start third --hooks "$hooks" --heartbeat 100ms
check 'another one takes it over' command_is "$command" 'done applied'
check '... once' destroyed_once "$lease"

# Hundreds of hooks leave nothing in the worker.
hook quick <<-'END'
	exit 0
END
pool quick --release-hook quick
open_files() {
	local files=("/proc/$(worker_pid third)/fd/"*)
	echo ${#files[@]}
}
before=$(open_files)
berth -q allocate quick --count 50 --json >"$TMPDIR/made"
check 'fifty releases' exits 0 berth -q release --pool quick --yes
check '... are run' asks "select count(*) from berth.lease l join berth.pool p on p.id = l.pool where p.name = 'quick' and l.state = 'destroyed'" 50
check '... and no file is left open' equal "$before" "$(open_files)"
check 'no process is left' equal '' "$(cat "/proc/$(worker_pid third)/task/$(worker_pid third)/children")"
check 'the doctor finds nothing' exits 0 berth doctor
check 'the worker ends' worker_stop third
