#!/usr/bin/env bash
# The worker as a process: its name, its rights, its start, errors and end.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/workers.sh

new_database
berth -q pool create web --kind number --space web 1-1000 >"$TMPDIR/made"
berth -q pool create rest --kind number --space rest --reuse-delay 1h 1-9 >"$TMPDIR/made"
berth -q pool create hooked --kind number --space hooked --release-hook nothing 1-9 >"$TMPDIR/made"
berth -q pool create one --kind number --space one 1-1 >"$TMPDIR/made"

# Until there is nothing to do.
check 'with an empty queue it ends' exits 0 berth worker --until-idle --name w
check '... and prints one line' equal 1 "$(wc -l <"$TMPDIR/stderr")"
check '... with its name' grep -q '^berth: worker w: at work on test_' "$TMPDIR/stderr"
check '... on standard error only' equal '' "$stdout"
check '--quiet prints nothing' exits 0 berth worker --until-idle -q
check '... at all' equal '' "$stderr"
check 'its row is not alive any more' is_dead w
check 'its default name has the host and the process id' \
	equal t "$(sql "select bool_or(name = host || ':' || pid) from berth.worker")"

lease=$(new_lease web)
rested=$(new_lease rest)
waiting=$(new_lease hooked)
patient=$(new_lease web)
expired=$(new_lease web)
held=$(new_lease one)
pending=11111111-1111-4111-8111-111111111111
sql "update berth.lease set created = now() - interval '1 hour', until = now() - interval '1 second' where id = '$expired'" >"$TMPDIR/sql"
sql "with line as (update berth.pool set waiting = waiting + 1 where name = 'one' returning id)
	insert into berth.lease (id, pool, state, holder, priority) select '$pending', id, 'pending', '', 0 from line" >"$TMPDIR/sql"
release "$lease" >"$TMPDIR/id"
release "$lease" >"$TMPDIR/id"
release "$rested" >"$TMPDIR/id"
release "$held" >"$TMPDIR/id"
hook_command=$(release "$waiting")
grace_command=$(release "$patient" --grace 1h)
check 'due commands are applied' exits 0 berth worker --until-idle -q
check '... once' equal 1 "$(sql "select count(*) from berth.event where target = '$lease' and action = 'destroy'")"
check '... also an expiry' lease_is "$expired" destroyed
check '... and the pending lease has the freed value' lease_is $pending active
check 'a delay is not waited for' lease_is "$rested" released
check 'a hook is left to workers that run hooks' command_is "$hook_command" queued
check '... and the lease as it is' lease_is "$waiting" active
check 'a grace is not waited for' command_is "$grace_command" queued
for ((i = 0; i < 60; i++)); do
	release "$(new_lease web)"
done >"$TMPDIR/many"
check 'sixty releases' equal 60 "$(sql "select count(*) from berth.command where state = 'queued' and not_before <= now() and not hook")"
check 'chunk by chunk' exits 0 berth worker --until-idle -q --chunk 7
check '... all of it' equal 0 "$(sql "select count(*) from berth.command where state = 'queued' and not_before <= now() and not hook")"

# Rights.
sql "create role wv_$$ login in role berth_viewer; create role wo_$$ login in role berth_operator;
	create role ww_$$ login in role berth_worker; create role wn_$$ login" >"$TMPDIR/roles"
for role in wv wo wn; do
	check "without the right, at once: $role" refuses not_allowed timeout 10 "$BERTH" -U ${role}_$$ worker
done
check 'with it' exits 0 berth -U ww_$$ worker --until-idle -q
check '--read-only' refuses read_only timeout 10 "$BERTH" --read-only worker
createdb -T template0 "${PGDATABASE}_bare"
tests_databases+=("${PGDATABASE}_bare")
check 'without a schema, at once' refuses schema_mismatch timeout 10 "$BERTH" -d "${PGDATABASE}_bare" worker

mkdir "$TMPDIR/open" "$TMPDIR/shut"
chmod 777 "$TMPDIR/open"
touch "$TMPDIR/file"
table_of_refusals <<'END'
worker now|invalid_input|'worker now': no such verb
worker --name "a b"|invalid_input|--name: worker "a b"
worker --name ""|invalid_input|--name
worker --name a/b|invalid_input|--name: worker "a/b"
worker --chunk 0|invalid_input|--chunk
worker --chunk many|invalid_input|--chunk
worker --jobs 0|invalid_input|--jobs
worker --jobs 100000|invalid_input|--jobs
worker --attempts 0|invalid_input|--attempts
worker --attempts -1|invalid_input|--attempts
worker --hook-deadline 30|invalid_input|--hook-deadline
worker --hook-deadline 0s|invalid_input|--hook-deadline: too short
worker --retry-base 3d|invalid_input|--retry-base: too long
worker --heartbeat 0s|invalid_input|--heartbeat: too short
worker --heartbeat ""|invalid_input|--heartbeat
worker --hooks ""|invalid_input|hooks
worker --hooks "$TMPDIR/nowhere"|invalid_input|nowhere: No such file
worker --hooks "$TMPDIR/file"|invalid_input|file: Not a directory
worker --hooks "$TMPDIR/open"|invalid_input|open: others can write to it
worker --dry-run|invalid_input|--dry-run
END

# Its name belongs to it while it is alive.
worker_start w1 --heartbeat 100ms
check 'it is alive' is_alive w1
check 'its name is taken' refuses conflict timeout 10 "$BERTH" worker --name w1
check '... the error has its process id' equal "$(worker_pid w1)" "$(fault "d->'error'->'detail'->>'pid'")"
check 'another name is free' exits 0 berth worker --until-idle -q --name w2
check 'SIGTERM: it ends with 0' worker_stop w1
check '... and is not alive from that moment' is_dead w1
worker_start w1 --heartbeat 100ms
check 'its name is free at once' is_alive w1
kill -INT "$(worker_pid w1)"
check 'SIGINT likewise' worker_ends 0 w1
check '... and is not alive' is_dead w1
worker_start w1 --heartbeat 100ms
check 'a third' is_alive w1
kill -KILL "$(worker_pid w1)"
check 'a killed worker' worker_ends 137 w1
check '... is dead after three heartbeats' wait_for is_dead w1
worker_start w1 --heartbeat 100ms
check '... and replaced' is_alive w1

# Stopped for longer than that, it loses its name to another worker, and ends when it continues.
kill -STOP "$(worker_pid w1)"
check 'a stopped worker counts as dead' wait_for is_dead w1
stopped=$(worker_pid w1)
unset 'workers_pids[w1]'
worker_start w1 --heartbeat 100ms
check 'another has the name' is_alive w1
replaced() {
	local status=0
	kill -CONT "$stopped"
	wait_for workers_gone "$stopped" || return 1
	wait "$stopped" || status=$?
	equal 5 "$status"
}
check 'continued, it ends with 5' replaced
check '... and the other one continues' is_alive w1

# A command that no worker can run would count as waiting work.
check 'the command of the hook is cancelled' exits 0 berth queue cancel "$hook_command"

# often COUNT TRY: succeeds if in one of five series of so many tries most print "t". A busy machine is slow in
# some series; a worker that waits for its next look, a second away, is slow in all.
often() {
	local count=$1 series i
	for series in 1 2 3 4 5; do
		for ((i = 0; i < count; i++)); do
			"$2"
		done >"$TMPDIR/series.$series"
		[ "$(grep -c t "$TMPDIR/series.$series")" -ge $((count * 3 / 4)) ] && return
	done
	paste "$TMPDIR"/series.*
	return 1
}

# A notice wakes it.
woken() {
	local command
	command=$(release "$(new_lease web)")
	wait_for workers_asks "select state from berth.command where id = '$command'" 'done'
	sql "select consumed_at - created < interval '250 ms' from berth.command where id = '$command'"
}
check 'a new command wakes it' often 9 woken

# A notice that arrives during a look, for a command that the look did not see, counts afterwards: a lock holds
# up the look at one of its statements, a command is sent, and the lock is released.
held_up() {
	[ "$(sql "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
		and backend_type = 'client backend'")" -eq 1 ]
}
coproc LOCK { psql -XqAt 2>&1; }
lock=$LOCK_PID
woken_late() {
	local lease command free
	lease=$(new_lease web)
	echo 'begin; lock berth.lease in exclusive mode; \echo locked' >&"${LOCK[1]}"
	read -r <&"${LOCK[0]}"
	wait_for held_up || touch "$TMPDIR/never_held"
	command=$(release "$lease")
	echo "select clock_timestamp(); rollback;" >&"${LOCK[1]}"
	read -r free <&"${LOCK[0]}"
	wait_for workers_asks "select state from berth.command where id = '$command'" 'done'
	sql "select consumed_at - '$free' < interval '250 ms' from berth.command where id = '$command'"
}
check 'it misses no command while it is delayed' often 9 woken_late
check '... and it was delayed each time' test ! -e "$TMPDIR/never_held"
echo '\q' >&"${LOCK[1]}"
wait "$lock"

# The connection is lost, and returns.
gone() {
	sql "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
}
gone >"$TMPDIR/gone"
check 'a lost connection is reported' worker_says w1 '; trying again'
check '... and its return' worker_says w1 'worker w1: connected again'
lease=$(new_lease web)
command=$(release "$lease")
check '... and it works' command_is "$command" 'done applied'

# A right is revoked.
worker_start w3 -U ww_$$
check 'one of a role' is_alive w3
sql "revoke berth_worker from ww_$$" >"$TMPDIR/revoke"
check 'a revoked right ends it' worker_ends 7 w3
check '--timeout ends it' exits 8 berth worker -q --timeout 2s
check 'the doctor finds nothing' exits 0 berth doctor
check 'the first worker ends' worker_stop w1
for role in wv wo ww wn; do
	sql "drop role ${role}_$$" >"$TMPDIR/drop"
done

# A part that the server refuses, for any reason, does not delay the rest.
new_database
berth -q pool create web --kind number 1-9 >"$TMPDIR/made"
mended=$(sql "select pg_get_functiondef('berth.fan_out'::regproc)")
broken() { # broken SQLSTATE: the same function, with another end
	local head=${mended%%AS \$function\$*}
	sql "${head/LANGUAGE sql/LANGUAGE plpgsql} as
		\$\$ begin raise exception using errcode = '$1', message = 'it is out of order'; end \$\$" >"$TMPDIR/broken"
}
broken XX000
worker_start w4
check 'a failing part is reported' worker_says w4 'worker w4: it is out of order; trying again'
command=$(release "$(new_lease web)")
check '... and the rest continues' command_is "$command" 'done applied'
beats=$(sql 'select max(heartbeat) from berth.worker')
check '... beat after beat' asks "select max(heartbeat) > '$beats' from berth.worker" t
check '... reported once' equal 1 "$(grep -c 'out of order' "$TMPDIR/w4.said")"
check 'it ends normally' worker_stop w4
check 'a defect ends a worker with --until-idle' complains 70 'it is out of order' timeout 20 "$BERTH" worker --until-idle
broken 53200
worker_start w5 --until-idle
check 'a temporary failure' worker_says w5 'worker w5: it is out of order; trying again'
sql "$mended" >"$TMPDIR/mended"
check '... is waited for' worker_ends 0 w5

# No server at the start, then one, then none, then one again.
check_host=$PGHOST check_user=$PGUSER
unset PGHOST PGUSER PGDATABASE
server=$TMPDIR/s
place=(-h "$server" -U berth -d berth)
check 'a server of its own' exits 0 berth --local="$server" migrate
check '... which is stopped' exits 0 berth local stop --local="$server"
worker_start early "${place[@]}"
check 'without a server it waits' worker_says early '; trying again'
check 'the server comes' exits 0 berth local start --local="$server"
export PGHOST=$server PGUSER=berth PGDATABASE=berth
check '... and it is at work' is_alive early
kill -QUIT "$(head -n 1 "$server/data/postmaster.pid")"
fallen() {
	! psql -XqAt -c 'select 1' >"$TMPDIR/psql" 2>&1
}
check 'the server crashes' wait_for fallen
told_twice() {
	[ "$(grep -c 'trying again' "$TMPDIR/early.said")" -ge 2 ]
}
check '... the worker reports it' wait_for told_twice
check 'the server starts again' exits 0 env -u PGHOST -u PGUSER -u PGDATABASE "$BERTH" local start --local="$server"
check '... and so is the worker' worker_says early 'worker early: connected again'
berth -q pool create web --kind number 1-9 >"$TMPDIR/made"
command=$(release "$(new_lease web)")
check '... at work' command_is "$command" 'done applied'
check 'the server is stopped' exits 0 env -u PGHOST -u PGUSER -u PGDATABASE "$BERTH" local stop --local="$server"
check 'without a server it ends at once' worker_stop early
export PGHOST=$check_host PGUSER=$check_user
