#!/usr/bin/env bash
# Following the history: each event once, whenever its transaction commits, also when the server goes away.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

followers=()
trap 'code=$?; kill "${followers[@]}" 2>/dev/null; (exit "$code"); tests_end' EXIT
follow() { # follow NAME OPTIONS
	local name=$1
	shift
	"$BERTH" events --follow --csv "$@" >"$TMPDIR/$name" 2>"$TMPDIR/$name.err" &
	followers+=($!)
}
shows() {
	grep -q -- "$2" "$TMPDIR/$1"
}
# told_all NAME AFTER: every event after that number is shown, each once.
told() {
	tail -n +2 "$TMPDIR/$1" | cut -d, -f1 | awk -v after="$2" '$1 > after' | sort -n
}
told_all() {
	told "$1" "$2" >"$TMPDIR/told"
	"$BERTH" events --after "$2" --limit 1000000 --csv | tail -n +2 | cut -d, -f1 | cmp -s - "$TMPDIR/told"
}

# Sessions whose transactions end on command: session N; says N SQL waits for its end.
said=0
session() {
	mkfifo "$TMPDIR/session.$1"
	psql -XqAt <"$TMPDIR/session.$1" >"$TMPDIR/session.$1.out" 2>&1 &
	eval "exec $((10 + $1))>'$TMPDIR/session.$1'"
}
says() {
	said=$((said + 1))
	printf '%s;\n\\! touch %s\n' "$2" "$TMPDIR/said.$said" >&$((10 + $1))
	wait_for test -e "$TMPDIR/said.$said"
}
lease_of() { # lease_of N HOLDER: an allocation from the pool of session N as SQL
	printf "select count(*) from berth.allocate(gen_random_uuid(), 'web%s', '%s', null, null, 0, '{}')" "$1" "$2"
}
change_of() { # the same of a change
	printf "insert into berth.event (action, kind, target, after) values ('set', 'lease', '%s', '{}')" "$1"
}

new_database
berth -q pool create web --kind number 1-100000 >"$TMPDIR/out"
take web 5
for n in 1 2 3 4 5; do
	# A session keeps its pool until it has committed.
	berth -q pool create web$n --kind number ${n}00001-${n}99999 >"$TMPDIR/out"
	session $n
done

# --- late commits ------------------------------------------------------------

check 'a transaction that began before' says 1 "begin; $(lease_of 1 before)"
before=$(sql "select last_value from berth.event_seq")
follow all
check 'the first events are shown' wait_for shows all "${leases[4]}"
check 'a transaction that begins after it' says 2 "begin; $(lease_of 2 behind); select clock_timestamp()"
began=$(sql 'select clock_timestamp()')
others() {
	berth -q allocate web --holder other >"$TMPDIR/out" && wait_for shows all "lease/$(cut -d' ' -f1 "$TMPDIR/out" | tail -n 1)"
}
others_go_on() {
	until [ "$(sql "select max(created) > '$began'::timestamptz + interval '3 seconds' from berth.lease where holder = 'other'")" = t ]; do
		berth -q allocate web --holder other >"$TMPDIR/out" || return 1
	done
	wait_for shows all "$(sql "select max(seq) from berth.lease")"
}
check 'others continue for seconds' others_go_on
check 'uncommitted events are not shown' equal '' "$(grep -E '"(before|behind)"' "$TMPDIR/all")"
check 'the later one commits' says 2 'commit'
check '... and is shown' wait_for shows all 'behind'
check 'the earlier one commits' says 1 'commit'
check '... and is shown, though it began before' wait_for shows all 'before'
check 'one that is rolled back' says 3 "begin; $(lease_of 3 never); rollback"
check 'no event is shown twice or lost' wait_for told_all all "$((before - 1))"

# One target, and a transaction that changes much else.
follow one lease/"${leases[0]}"
check 'the events of one target' wait_for shows one create
check 'a slow change' says 1 "begin; $(change_of "${leases[0]}")"
check 'others continue' exits 0 berth allocate web
check 'it commits' says 1 'commit'
check '... and is shown' wait_for shows one ',set,'
check '... once, and of no other target' equal 'create set' "$(tail -n +2 "$TMPDIR/one" | cut -d, -f4 | tr '\n' ' ' | sed 's/ $//')"

# --- many at once ------------------------------------------------------------

follow crowd --after 0
check 'from the start' wait_for told_all crowd 0
# Five sessions, each in a transaction of its own length, in an order given by a seed.
RANDOM=4711
open=(- no no no no no)
riot() {
	for ((step = 0; step < 300; step++)); do
		n=$((RANDOM % 5 + 1))
		case ${open[n]}$((RANDOM % 6)) in
		no*) says $n "begin; $(lease_of $n riot)" && open[n]=yes ;;
		yes0) says $n commit && open[n]=no ;;
		yes1) says $n rollback && open[n]=no ;;
		*) says $n "savepoint s; $(lease_of $n riot); $(change_of "${leases[1]}")" ;;
		esac || return 1
	done
	for n in 1 2 3 4 5; do
		[ "${open[n]}" = no ] || says $n commit || return 1
	done
}
check 'many write at once' riot
check 'there are many events' test "$(sql "select count(*) from berth.lease where holder = 'riot'")" -ge 50
check 'all are shown, each once' wait_for told_all crowd 0
check 'the earlier follower shows them too' wait_for told_all all "$((before - 1))"

# --- a long history ----------------------------------------------------------

sql "insert into berth.event (action, kind, target, after) select 'set', 'lease', '${leases[0]}', '{}' from generate_series(1, 5500)"
check 'thousands in one transaction' wait_for told_all crowd 0
check '... in their order' cmp <(tail -n 5500 "$TMPDIR/crowd" | cut -d, -f1) <(tail -n 5500 "$TMPDIR/crowd" | cut -d, -f1 | sort -n)
follow long --after 0
check 'from the start of a long history' wait_for told_all long 0
check '... in their order' cmp <(tail -n +2 "$TMPDIR/long" | cut -d, -f1) <(tail -n +2 "$TMPDIR/long" | cut -d, -f1 | sort -n)
check 'the last ones, oldest first' equal "$(sql "select string_agg(seq::text, ' ' order by seq) from (
	select seq from berth.event_view order by seq desc limit 3) e")" "$(berth events --limit 3 --csv | tail -n +2 | cut -d, -f1 | tr '\n' ' ' | sed 's/ $//')"

# --- the server goes ---------------------------------------------------------

check 'the connections are cut' sql "select count(pg_terminate_backend(pid)) from pg_stat_activity
	where datname = current_database() and query ~ 'event_news' and pid <> pg_backend_pid()"
check 'a change while the connections are lost' exits 0 berth allocate web --holder meanwhile
check '... is shown' wait_for shows crowd meanwhile
check '... each once' wait_for told_all crowd 0
check 'all followers are alive' kill -0 "${followers[@]}"
for n in 1 2 3 4 5; do eval "exec $((10 + n))>&-"; done
kill "${followers[@]}"
wait "${followers[@]}" 2>"$TMPDIR/out"
followers=()
check 'doctor finds nothing' exits 0 berth doctor

local=(--local="$TMPDIR/s")
check 'a server of its own' exits 0 berth "${local[@]}" migrate
check 'there is a pool' exits 0 berth "${local[@]}" pool create web --kind number 1-100
check '... and a lease' exits 0 berth "${local[@]}" allocate web --holder first
follow restart "${local[@]}" --after 0
check 'the first lease is shown' wait_for shows restart first
berth local stop "${local[@]}" >"$TMPDIR/out" 2>&1
check 'the lost server is reported' wait_for shows restart.err 'continues when the server is back'
check 'the server starts again' exits 0 berth local start "${local[@]}"
check 'a change while the connections are lost' exits 0 berth "${local[@]}" allocate web --holder second
check '... is shown' wait_for shows restart second
check '... each once' equal "$(berth events "${local[@]}" --csv | tail -n +2 | cut -d, -f1)" "$(tail -n +2 "$TMPDIR/restart" | cut -d, -f1)"
check '... and the return is reported' shows restart.err 'the server is back'
kill "${followers[@]}"
wait "${followers[@]}" 2>"$TMPDIR/out"
berth local stop "${local[@]}" >"$TMPDIR/out" 2>&1
