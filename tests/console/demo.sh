#!/usr/bin/env bash
# The demo on a real terminal: its life, its tour, and that nothing of it is left, however it ends.
. tests/lib.sh

unset XDG_DATA_HOME BERTH_ENV "${!PG@}"

# folders: prints the folders of demos
folders() {
	find "$TMPDIR" -maxdepth 1 -name 'berth-demo-*'
}

no_folder() {
	[ -z "$(folders)" ]
}

# children PID: prints the processes that it has started, and theirs
children() {
	local child
	# shellcheck disable=SC2013
	for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
		echo "$child"
		children "$child"
	done
}

# all_of_it: prints every process of the demo on the screen: the console, what it has started, and the server
all_of_it() {
	local console server
	console=$(screen_pid)
	server=$(head -n 1 "$(folders)/server/data/postmaster.pid")
	printf '%s\n' "$console" "$(children "$console")" "$server" "$(children "$server")"
}

# none_of PID...: succeeds if none of these processes runs
none_of() {
	local pid
	for pid; do
		[ ! -d "/proc/$pid" ] || grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null || return 1
	done
}

# leaves_nothing: succeeds when the processes in `all` have ended and the folder is gone
leaves_nothing() {
	# shellcheck disable=SC2086
	wait_for none_of $all || {
		for pid in $all; do
			[ ! -d "/proc/$pid" ] || tr '\0' ' ' <"/proc/$pid/cmdline"
		done
		return 1
	}
	wait_for no_folder || folders
}

# worker: prints the process of the demo's worker: the keeper's first child
worker() {
	local keeper
	keeper=$(cut -d ' ' -f 1 "/proc/$(screen_pid)/task/$(screen_pid)/children")
	cut -d ' ' -f 1 "/proc/$keeper/task/$keeper/children"
}

starts() {
	screen_start 100 30 "$BERTH" demo
	screen_wait '^> ✖ +fra-edge-v4 .*FULL'
}

# --- what lives in it -----------------------------------------------------------

check 'the demo shows the full pool first' starts
check 'a pool that is full within minutes' screen_wait ' ! +osl-jobs .* ~?[0-9]+m$'
check 'the tour' screen_wait '── tour ──'
check '... with its first step' screen_wait '^ +\[ \] 7 +see the worst'
check 'the line of the alerts is free' screen_wait '^ ✖ fra-edge-v4: nothing free, 2 requests wait  and [0-9]+ more'
all=$(all_of_it)
check 'there are keeper, worker, traffic and server' test "$(wc -w <<<"$all")" -gt 8
screen_keys 7
check 'a limit is reached' screen_wait 'acme/data: its limit of 40 leases is reached'
check 'of projects, too' screen_wait 'lab: its limit of 2 projects is reached'
check 'a run was undone' screen_wait 'public.app_labels: its duplicates were put back'
check 'a hook fails for good' screen_wait 'STUCK .* fra-lab-v6: .*the name server does not answer'
screen_keys 5
check 'holders look alike' screen_wait 'LOOK-ALIKE .*"web-fe-07 "'
check 'and labels' screen_wait 'PROD / Prod / pr0d / prod'
screen_type ':dedupe check --table public.app_labels --key app,name'
screen_keys Enter
check 'the table has duplicates' screen_wait 'DIFFER +app=app-[0-9]+ name=tier +2'
screen_keys Escape 3
check 'the worker lags for a while' screen_wait 'lag [^u].*, target 1s'
check 'and catches up' screen_wait 'lag under its target'

# --- the tour -------------------------------------------------------------------

screen_keys 7 1
check 'the first step is ticked' screen_wait '^ +\[x\] 7 '
check 'the next one is not' screen_wait '^ +\[ \] Enter +go to its cause'
screen_keys 7 Enter
check 'Enter goes to the cause' screen_wait ' alerts > .*fra-edge-v4'
check '... which is ticked' screen_wait '^ +\[x\] Enter +go to its cause'
screen_keys Enter
check 'Enter shows who holds it' screen_wait '> fra-edge-v4 > leases'
check 'the next step is to release' screen_wait 'tour 4/5  W Space r'
screen_keys W
screen_wait 'to enable writes' && screen_type demo && screen_keys Enter
check 'write mode is on' screen_wait '^ demo .* RW '
screen_type '/10.4.1.9'
screen_keys Enter
check 'one lease' screen_wait '^>.▪ HELD +10\.4\.1\.9'
screen_keys Space
check 'it is marked' screen_wait '1 marked'
screen_keys r
check 'the plan of the release' screen_wait 'fra-edge-v4: used 256 → 255'
screen_keys y
check 'it waits' screen_wait 'runs in .*u cancels'
screen_keys u
check 'it is cancelled' screen_wait 'cancelled, nothing was changed'
check 'the tour is done' screen_wait 'tour: done'
screen_keys 1
check 'each step is ticked' screen_wait '── tour: done ──'
screen_keys '?'
check 'the help explains the steps' screen_wait 'Enter on a pool lists its leases'
screen_keys Escape
check '... and is left' screen_wait '── tour: done ──'
screen_keys Escape
check 'Escape closes the tour' screen_wait_gone '── tour'
screen_keys q
check 'q leaves' screen_ends 0
check '... and nothing is left' leaves_nothing

# --- its end --------------------------------------------------------------------

check 'again' starts
all=$(all_of_it)
kill -STOP "$(worker)"
kill -KILL "$(screen_pid)"
check 'a killed console' screen_ends 137
check '... leaves nothing, even while the worker is stopped' leaves_nothing

for signal in HUP TERM; do
	check 'again' starts
	all=$(all_of_it)
	kill -"$signal" "$(screen_pid)"
	check "SIG$signal" screen_ends $((128 + $(kill -l "$signal")))
	check '... leaves nothing' leaves_nothing
done

has_cluster() {
	[ -e "$(folders)/server/data.new/PG_VERSION" ]
}
screen_start 100 30 "$BERTH" demo
check 'a demo that is being made' wait_for has_cluster
all="$(screen_pid) $(children "$(screen_pid)")"
kill -KILL "$(screen_pid)"
check '... leaves nothing when it is killed' leaves_nothing
