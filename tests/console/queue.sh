#!/usr/bin/env bash
# The queue on a real terminal, with a real worker: a release that can be cancelled, a bulk with a phrase, stuck
# commands, and the alarm without a worker.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/workers.sh

new_database
mkdir -p "$TMPDIR/hooks"
chmod 755 "$TMPDIR/hooks"
cat >"$TMPDIR/hooks/fails" <<'END'
#!/bin/sh
echo 'the switch says no' >&2
exit 1
END
chmod 755 "$TMPDIR/hooks/fails"
{
	berth pool create edge --kind ipv4 10.0.0.0/29
	berth pool create many --kind number 0-99
	berth pool create stuck --kind number 1000-1009 --release-hook fails
	berth pool create full --kind number 2000
	berth allocate full
	berth allocate full --wait=0s
	berth allocate edge --holder web --for 1d
	berth allocate many --count 5 --holder ci
	berth allocate stuck --holder old
} >"$TMPDIR/made"

leases() { # POOL NUMBER: live ones
	equal "$2" "$(sql "select count(*) from berth.lease_view where pool = '$1' and state <> 'destroyed'")"
}
commands() {
	equal "$1" "$(sql 'select count(*) from berth.command')"
}
unlock() {
	screen_keys W
	screen_wait 'to enable writes' && screen_type prod && screen_keys Enter &&
		screen_wait '^ prod .* RW 0?9:[0-9][0-9]|^ prod .* RW 10:00'
}

BERTH_ENV=prod screen_start 100 30 "$BERTH"
check 'it starts' screen_wait '^>.. *(edge|full|many|stuck)'
screen_keys 3
check 'a queue without workers is the first alarm' screen_wait '✖ NO WORKER IS ALIVE'
worker_start w1 --hooks "$TMPDIR/hooks" --attempts 1
check 'a worker starts' screen_wait '1 worker: +w1 idle'
check 'an empty queue says so' screen_wait 'No command is open'

# one lease, with a window in which the release can be cancelled
screen_type ':leases edge'
screen_keys Enter
check 'the leases of a pool' screen_wait 'queue > edge > leases'
check 'one is there' screen_wait '^> ▪ HELD +10\.0\.0\.0 '
screen_keys r
check 'read-only at the start' screen_wait 'read-only: W turns write mode on'
check 'the environment is named' unlock
screen_keys r
check 'the plan is one line' screen_wait 'release 10\.0\.0\.0 of edge, held by web on prod'
check 'the plan has the effect' screen_wait 'edge: used 1 → 0, free 7 → 8'
check 'the plan names its key' screen_wait '^ y queues it, 10s to undo'
screen_keys Enter r
screen_paste y
check 'a paste is reported' screen_wait 'paste ignored: a plan is confirmed by hand'
check 'neither Enter, the start key nor a paste confirms' commands 0
screen_keys y
check 'the window is shown' screen_wait 'runs in (10|[1-9])s; u cancels: release 10\.0\.0\.0 of edge'
check 'the window counts down' screen_wait 'runs in [1-8]s; u cancels'
screen_keys 3
check 'the queue shows it too' screen_wait '^>.… WAIT +release .* in [1-9]s'
screen_keys u
check 'u cancels it' screen_wait 'cancelled, nothing was changed: release 10\.0\.0\.0 of edge'
check 'it is cancelled' equal cancelled "$(sql 'select state from berth.command')"
check 'the lease is unchanged' equal 'active|1' "$(sql "select state, generation from berth.lease_view where pool = 'edge'")"

# changes since the plan are refused and reported
screen_type ':leases edge'
screen_keys Enter
check 'back at the lease' screen_wait '^> ▪ HELD +10\.0\.0\.0 '
screen_keys r
check 'planned again' screen_wait '^ y queues it'
screen_keys y
check 'queued' screen_wait 'u cancels: release 10\.0\.0\.0'
check 'meanwhile it changes' berth extend "$(sql "select id from berth.lease_view where pool = 'edge'")" --for 7d --wait
check 'the release is rejected with a message' screen_wait 'rejected: generation 2 now, you saw 1: extend by'
check 'the lease stays' leases edge 1
screen_keys Enter
check 'the detail is shown' screen_wait '^ HISTORY$'
check 'it has the history' screen_wait 'extend by w1: until .* →'
check 'it has the rejected release' screen_wait 'release of [a-z]+ ended, rejected: generation 2'
check 'it has the cancelled release' screen_wait 'release of [a-z]+ ended, cancelled by'
screen_type ':leases full'
screen_keys Enter
check 'a pending lease' screen_wait '^>.… WAIT '
screen_keys Enter
check 'its place and the reason are shown' screen_wait 'WAITS at place 1 in the line'
screen_keys Escape

# a bulk needs its phrase
screen_type ':leases many'
screen_keys Enter
check 'five of them' screen_wait '^> ▪ HELD +4 '
screen_keys Space Space Space
check 'three are marked' screen_wait '3 marked'
screen_keys r
check 'the phrase is shown whole' screen_wait '^ +release 3 many$'
check 'the plan lists the leases' screen_wait '▪ 4 +ci'
check 'the plan has the effect on the pool' screen_wait 'many: used 5 → 2, free 95 → 98'
noted() {
	[ "$(sql "select coalesce(string_agg(doing, ';'), '') from berth.open_plan_view")" = "$1" ]
}
check 'others are told of the plan' wait_for noted 'release 3 marked leases'
screen_keys Enter
check 'Enter alone does not confirm' screen_wait 'wrong phrase: nothing was queued'
screen_paste 'release 3 many'
check 'a paste does not confirm' screen_wait 'paste ignored'
screen_keys Enter
screen_type 'release 2 many'
screen_keys Enter
check 'a wrong phrase keeps the plan' screen_wait '^ +release 3 many$'
check 'nothing was queued' leases many 5
screen_keys Escape
check 'Escape leaves it' screen_wait 'nothing was queued$'
check 'and others are told so' wait_for noted ''
berth -q release "$(sql "select id from berth.lease_view where pool = 'many' order by value desc limit 1")" --grace 1h >"$TMPDIR/waits"
sql "select berth.note_plan(gen_random_uuid(), 'release all leases of many')" >"$TMPDIR/noted"
screen_keys r
check 'a plan that somebody else has open' screen_wait '! postgres has a plan open: release all leases of many, for'
check 'a command that waits on a lease of the plan' screen_wait '! 1 open: release by postgres, due in'
sql "delete from berth.open_plan; update berth.command set state = 'cancelled' where state = 'queued'" >"$TMPDIR/noted"
screen_keys Escape
check 'Escape leaves that too' screen_wait 'nothing was queued$'
tests_tmux send-keys -l -- $'rrelease 3 many\r'
check 'type-ahead does not confirm' screen_wait 'release 3 marked leases on prod'
check 'type-ahead is discarded' screen_wait '^ +release 3 many$'
check 'the leases are all there' leases many 5
screen_type 'release 3 many'
screen_keys Enter
check 'the phrase confirms, and the end is reported' screen_wait 'applied: 3 of 3 ended, 3 applied .release 3 marked leases'
check 'they are gone' leases many 2
screen_keys Space Space r
check 'the other two' screen_wait '^ +release 2 many$'
check 'meanwhile one changes' berth extend "$(sql "select id from berth.lease_view where pool = 'many' order by value limit 1")" --for 7d --force --wait
screen_type 'release 2 many'
screen_keys Enter
check 'the bulk is not reported as applied' screen_wait '^ 2 of 2 ended, 1 applied, 1 rejected .release 2 marked leases'
check 'the changed lease exists' leases many 1
screen_keys 3 A
check 'the queue lists the finished bulk' screen_wait 'DONE +release +3 targets .* 3 of 3'
check 'the queue lists a partly applied bulk' screen_wait 'ENDED +release +2 targets .* 2 of 2'

# a stuck command explains itself
screen_type ':release lease/'"$(sql "select id from berth.lease_view where pool = 'stuck'")"
screen_keys Enter
check 'the command line opens the same plan' screen_wait 'stuck: used 1 → 0'
screen_keys y
check 'it is queued' screen_wait 'cancels: release lease/'
check 'its hook fails' screen_wait '^..✖ STUCK +release .*needs you'
screen_keys A g
check 'only open commands are listed' screen_wait '^>.✖ STUCK'
check 'the failure is explained' screen_wait 'the switch says no'
check 'the possible actions are listed' screen_wait 'F +force: no hook and no delay'
screen_keys F
check 'force opens a plan' screen_wait 'no hook and no delay: the lease is destroyed at once'
screen_keys F Enter
screen_keys y Enter
check 'a forced end takes a phrase' screen_wait 'wrong phrase'
screen_keys C-u
screen_type 'force 1 command'
screen_keys Enter
check 'y confirms it, and the end is reported' screen_wait 'applied: destroyed without its hook'
check 'the lease is gone' leases stuck 0

# resources
screen_type ':resources edge'
screen_keys Enter
check 'the resources of a pool' screen_wait '> edge > resources'
screen_keys K
check 'cordon is a plan' screen_wait 'cordon 10\.0\.0\.0/29 of edge on prod'
screen_keys y
check 'it is cordoned' screen_wait '^>.▲ CORDON'
screen_type ':resource release x --yes'
screen_keys Enter
check 'wrong options are reported' screen_wait "\-\-yes: not an option of 'resource release'|\-\-yes: refused here"
screen_keys Escape
screen_type ':release --pool many --yes'
screen_keys Enter
check '--yes is refused' screen_wait '\-\-yes: refused here'
screen_keys Escape
screen_keys D
check 'drain asks for a phrase' screen_wait '^ +drain 1 edge$'
screen_type 'drain 1 edge'
screen_keys Enter
check 'it drains' screen_wait 'applied: 1 of 1 ended, 1 applied .drain 10\.0\.0\.0/29 of edge'
check 'the lease is gone' leases edge 0

screen_keys C-c
screen_keys C-c C-c
check 'the console ends' screen_ends 0
check 'the worker ends' worker_stop w1
check 'doctor finds nothing' exits 0 berth doctor

# printed
check 'the queue as text' prints 'STATE' berth --once queue
check 'a queue without workers as text' prints 'NO WORKER IS ALIVE' berth --once queue
once_bytes() {
	berth --once queue --ascii >"$TMPDIR/once" && ! LC_ALL=C grep -q '[^ -~]' "$TMPDIR/once"
}
check 'the output is ASCII only' once_bytes
