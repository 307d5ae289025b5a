#!/usr/bin/env bash
# A day of an operator, in one console against a real server and worker. README.md tells the same story, and its
# table has the number of keys of each step: no step may take more.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/workers.sh
. tests/lib/server.sh

export XDG_CONFIG_HOME=$TMPDIR/config XDG_STATE_HOME=$TMPDIR/state BERTH_ENV=prod
new_database
mkdir -m 755 "$TMPDIR/hooks"
cat >"$TMPDIR/hooks/dns" <<'END_OF_HOOK'
#!/bin/sh
[ ! -e ../down ] || case $3 in *.7 | *.9) echo 'the name server does not answer' >&2; exit 1 ;; esac
END_OF_HOOK
chmod 755 "$TMPDIR/hooks/dns"
touch "$TMPDIR/down"
{
	berth pool create edge --kind ipv4 10.0.0.0/26 --release-hook dns
	berth pool create jobs --kind ipv4 10.1.0.0/20
	berth allocate edge --count 40 --holder ci
	berth allocate edge --count 24 --holder web
	berth allocate edge --holder vm-9 --wait=0s
	berth allocate jobs --count 1200 --holder batch
	berth allocate jobs --count 30 --holder web
	psql -Xq -f assets/samples/app_labels.sql
	unset_key public.app_labels prefix
} >"$TMPDIR/made"

# --- the keys -------------------------------------------------------------------

# step NAME: begins a step of the table in README.md
# press KEY..., say TEXT: send keys, and count them for the step
# told: what the step has shown was checked; its keys must be as many as the table says
step() {
	name=$1 keys=0
	allowed=$(sed -n "s/^| $name *| *\([0-9]*\) *|.*/\1/p" README.md)
}

press() {
	keys=$((keys + $#))
	screen_keys "$@"
}

say() {
	keys=$((keys + ${#1}))
	screen_type "$1"
}

told() {
	check "$name: ${allowed:-no} keys in README.md" equal "${allowed:-none}" "$keys"
}

# --- the story ------------------------------------------------------------------

worker_start w1 --hooks "$TMPDIR/hooks" --attempts 1
check 'a worker' is_alive w1
screen_start 120 40 "$BERTH"

step 'see the worst, by name'
check 'the first screen names it' screen_wait '^ ✖ edge: nothing free, 1 request waits'
check '... and shows it first' screen_wait '^> ✖ +edge .*FULL'
told

step 'see why'
press '!'
check 'since when, and what it is' screen_wait '64 of 64 held, 0 free, 1 request waits'
told

step 'find who holds it'
press i
check 'the holders, the greatest first' screen_wait '^> ci +40 '
told

step 'turn write mode on'
press W
check 'the environment is asked for' screen_wait 'to enable writes'
say prod
press Enter
check 'write mode is on' screen_wait '^ prod .* RW '
told

step 'plan the release of all that match'
press Enter
check 'the leases of this holder alone' screen_wait 'ci in edge > leases .*1 of 40$'
say '/held<1d'
press Enter
check 'a filter' screen_wait '/held<1d .*1 of 40$'
press '*'
check 'the rows on the screen' screen_wait '[0-9]+ marked; \* again marks all that match'
press '*'
check 'all that match' screen_wait '40 match, and all are marked'
press r
check 'the plan has the effect' screen_wait 'edge: used 64 → 24, free 0 → 40'
check '... the way back' screen_wait 'it waits 10s, and u cancels it'
check '... and its phrase' screen_wait '^ +release 40 edge$'
told

step 'confirm it'
say 'release 40 edge'
press Enter
check 'it waits' screen_wait 'runs in (10|[1-9])s; u cancels: release 40 marked leases'
told

step 'undo it'
press u
check 'nothing was changed' screen_wait 'cancelled, nothing was changed: release 40 marked leases'
check '... and all are marked again' screen_wait '40 match, all marked'
check 'all leases are there' equal 64 "$(sql "select count(*) from berth.lease where state = 'active' and pool = (select id from berth.pool where name = 'edge')")"
told

step 'run it'
press r
check 'the plan again' screen_wait '^ +release 40 edge$'
say 'release 40 edge'
press Enter
check 'it waits again' screen_wait 'u cancels: release 40 marked leases'
told

step 'watch it drain'
press 3
check 'its progress' screen_wait ' release +40 targets '
check '... and its end' screen_wait '40 of 40 ended, 38 applied, 2 failed'
check 'the request that waited has a value' equal 0 "$(sql "select count(*) from berth.lease where state = 'pending'")"
told

step 'jump to a failed item'
check 'it is the worst now' wait_for prints 'edge: 2 commands are stuck (release): exit 1: the name server does not answer' \
	berth --once alerts --linear
check '... and the console knows' screen_wait '3 Queue·2'
press '!'
check 'the failed items' screen_wait '^>.✖ STUCK +release +10\.0\.0\.[79] of edge'
check '... and why' screen_wait 'said: exit 1: the name server does'
told

rm "$TMPDIR/down" # the cause is mended

step 'retry all'
press '*' '*'
check 'both are marked' screen_wait '2 match, and all are marked'
press t
check 'the plan' screen_wait '^ +retry 2 commands$'
say 'retry 2 commands'
press Enter
check 'it ends' screen_wait 'applied: 2 of 2 ended, 2 applied .retry 2 marked items'
told

step 'find duplicates'
say ':ded'
press Tab
screen_wait '^:dedupe *$' >"$TMPDIR/seen"
say 'ch'
press Tab
screen_wait '^:dedupe check *$' >"$TMPDIR/seen"
say '--ta'
press Tab
screen_wait '^:dedupe check --table *$' >"$TMPDIR/seen"
say 'app'
press Tab
screen_wait '^:dedupe check --table public\.app_labels *$' >"$TMPDIR/seen"
say '--k'
press Tab
screen_wait '^:.* --key *$' >"$TMPDIR/seen"
say 'app,prefix,name'
press Enter
check 'groups with one key' screen_wait '≠ DIFFER +app=shop name=env prefix='"${unset//\'/}"' +2'
told

step 'choose the survivor'
press m
check 'the newest row stays' screen_wait 'keeps +the newest by updated_at'
press Tab
check 'the oldest' screen_wait 'keeps +the oldest by updated_at'
told

step 'repair'
say 'fix 2 public.app_labels'
press Enter
check 'the key is unique' screen_wait 'done: the key is unique'
check 'the constraint is there' equal 4 "$(sql 'select count(*) from public.app_labels')"
told

step 'undo the repair'
press Escape
check 'the runs' screen_wait '^> ● done +public\.app_labels'
press u
check 'what it puts back' screen_wait 'puts back +2 rows'
say 'undo 2 public.app_labels'
press Enter
check 'it is undone' screen_wait 'undone: 2 rows put back'
check 'the rows are back' equal 6 "$(sql 'select count(*) from public.app_labels')"
told
press Escape

step 'label 1,200 leases'
press 2
check 'all leases' screen_wait '^>.. [A-Z]+ '
say '/holder=batch'
press Enter
check 'those of a holder' screen_wait '/holder=batch .* of 1200$'
press '*' '*'
check 'all of them' screen_wait '1.200 match, and all are marked'
press L
check 'it asks for the labels' screen_wait '^ label 1200 marked leases:'
say 'tier=2'
press Enter
check 'before and after' screen_wait 'labels set to tier=2: HELD 10\.1\.'
say 'label 1200 leases'
press Enter
check 'it ends' screen_wait '1200 of 1200 ended, 1200 applied'
told

step 'save the view'
press w
say 'batch'
press Enter
check 'it is saved' screen_wait 'saved as batch'
told

step 'come back tomorrow'
press C-c C-c
check 'the console ends' screen_ends 0
screen_start 120 40 "$BERTH"
check 'a new console tells what is still open' screen_wait '^ ≠ public\.app_labels: its duplicates were put back$'
press v
check 'the saved view' screen_wait '^ > b +batch'
press Enter
check 'the same leases' screen_wait 'leases +/holder=batch .* of 1200$'
check '... with their labels' screen_wait 'tier=2'
told

# found REGEX: succeeds when a line matches; else lets the search of a filter go on, and waits until it has
searched() {
	screen_text | grep -o 'so far: searched [0-9]*'
}
goes_on() {
	[ "$(searched)" != "$before" ]
}
found() {
	while before=$(searched) && ! tests_screen_shows "$1"; do
		screen_keys Enter
		wait_for goes_on || return 1
	done
	screen_wait "$1"
}

# --- what is left of it -----------------------------------------------------------

screen_type ':dedupe runs'
screen_keys Enter
check 'the run of yesterday is told' screen_wait 'undone +public\.app_labels +2 +2 '
screen_type ':queue list --all'
screen_keys Enter
check 'the whole queue' screen_wait '^ queue +all '
screen_type '/action=release state=cancelled'
screen_keys Enter
screen_wait 'so far|state=cancelled .* 1 of' >"$TMPDIR/seen"
check 'the release that was undone' found 'CANCEL.* release +40 targets'
check '... and the one that ran' prints '40 of 40 ended, 40 applied' \
	berth queue list --all --filter 'action=release state=done targets'
screen_keys : Up Up Up Up
check 'what was typed yesterday' screen_wait '^:dedupe check --table public\.app_labels --key app,prefix,name'
screen_keys Escape C-c C-c
check 'it ends' screen_ends 0
check 'the worker ends' worker_stop w1
check 'doctor finds nothing' exits 0 berth doctor

# characters: prints the steps of the same story in psql, and how many characters each takes
characters() {
	awk '/^-- / { step = substr($0, 4); next }
		{ count[step] += length($0) + 1; if (!(step in seen)) { seen[step]; steps[++n] = step } }
		END { for (i = 1; i <= n; i++) print steps[i], count[steps[i]] }' tests/data/story.sql
}
check 'README.md has the characters of psql' equal "$(characters)" \
	"$(sed -n 's/^| \([^|]*[^ |]\) *| *[0-9]\+ *| *[^|]* | *\([0-9]\+\) *|$/\1 \2/p' README.md)"
check 'README.md has no other steps' equal \
	"$(sed -n "s/^step '\(.*\)'$/\1/p" tests/console/story.sh)" \
	"$(sed -n 's/^| \([^|]*[^ |]\) *| *[0-9]\+ *|[^|]*|[^|`]*|$/\1/p' README.md)"
