#!/usr/bin/env bash
# Changes by others between the plan that the console shows and its confirmation: a name that stands for something else by
# then, a value that was changed, a file that was rewritten. Nothing but what the plan has shown is carried out.
. tests/lib.sh

new_database
{
	berth pool create web --kind number 1-2000
	berth allocate web --count 1001 --holder ci
	berth org create acme
	berth project create acme/shop
} >"$TMPDIR/made"

# say LINE: types a whole line
say() {
	screen_type ":$1"
	screen_keys Enter
}

# type TEXT: types an answer
type() {
	screen_type "$1"
	screen_keys Enter
}

# swap POOL RANGE: gives the name of a pool to another one, with a lease
swap() {
	berth pool rename "$1" "$1-$RANDOM-before"
	berth pool create "$1" --kind number "$2"
	berth allocate "$1" --holder innocent
} >"$TMPDIR/swapped"

# of COLUMN [POOL]: prints a column of a pool, as it is now
of() {
	sql "select $1 from berth.pool_view where name = '${2:-web}'"
}

# commands ACTION NUMBER: that many were requested
commands() {
	equal "$2" "$(sql "select count(*) from berth.command where action = '$1' and parent is null")"
}

# refused: the plan is refused because a name stands for something else
refused() {
	screen_wait '(pool|project) [a-z/]+ is another one by now than was shown'
}

# changed: it is refused because it would change something else
changed() {
	screen_wait 'would change something else by now'
}

BERTH_ENV=prod screen_start 140 40 "$BERTH"
check 'it starts' screen_wait '^>.. *web'
screen_keys W
screen_wait 'to enable writes' && type prod
check 'write mode' screen_wait 'RW'

# --- names in commands of the queue -------------------------------------------

say 'release --pool web'
check 'more leases than a plan names' screen_wait 'release 1001 web'
swap web 3001-3009
type 'release 1001 web'
check 'a release of a pool whose name another has now' refused
check '... queues nothing' commands release 0
screen_keys Escape

say 'release pool/web'
check 'a drain' screen_wait 'drain 1 web'
swap web 4001-4009
type 'drain 1 web'
check '... likewise' refused
check '... and queues nothing' commands release 0
screen_keys Escape

say 'label --of pool --pool web env=prod'
check 'a label of the pool' screen_wait 'label 1 '
swap web 5001-5009
type 'label 1 web'
check '... likewise' refused
check '... and queues nothing' commands label 0
screen_keys Escape

say 'resource release web/5001-5009'
check 'a drain of a range' screen_wait 'drain 1 web'
swap web 6001-6009
type 'drain 1 web'
check '... likewise' refused
check '... and queues nothing' commands release 0
screen_keys Escape

say 'project delete acme/shop'
check 'the deletion of a project' screen_wait 'delete 0 acme/shop'
berth project delete acme/shop --grace 0s >"$TMPDIR/made"
berth worker --until-idle
berth project create acme/shop >"$TMPDIR/made"
type 'delete 0 acme/shop'
check '... likewise' refused
check '... the new project stays' equal active "$(sql "select state from berth.project where state <> 'destroyed'")"
screen_keys Escape

# --- verbs that act at once ----------------------------------------------------

# at_once WHAT LINE SHOWN OTHER: the plan of the line shows something, others run a command, and y is refused
at_once() {
	say "$2"
	check "$1" screen_wait "$3"
	eval "$4" >"$TMPDIR/made"
	screen_keys y
	check '... is refused' changed
	screen_keys Escape
}

at_once 'a setting of a pool whose name another has now' 'pool set web --warn 70' 'warn 80 → 70' 'swap web 7001-7009'
check '... the new one stays' equal 80 "$(of warn)"
at_once 'a range that is added' 'pool add web 7101-7109' 'create resource' 'swap web 8001-8009'
check '... is not there' equal 1 "$(of resources)"
at_once 'values that are excluded' 'pool exclude web 8009' 'exclude pool/web' \
	'berth pool rename web gone && berth pool create web --kind number 8001-8009 --space other'
check '... are not' equal 0 "$(of excluded)"
at_once 'a rename' 'pool rename web net' 'name web → net' 'swap web 9001-9009'
check '... the new one keeps its name' equal web "$(of name)"
at_once 'an allocation' 'allocate web --count 2' 'active' 'swap web 10001-10009'
check '... takes nothing of the new one' equal 1 "$(of used)"
at_once 'a setting that was changed' 'pool set web --warn 70' 'warn 80 → 70' 'berth pool set web --warn 60'
check '... stays' equal 60 "$(of warn)"
at_once 'a label that was changed' 'label pool/web env=prod' 'set pool/web' 'berth label pool/web env=test'
check '... stays' equal test "$(of "labels->>'env'")"
at_once 'an annotation' 'annotate pool/web note=mine' 'set pool/web' 'berth annotate pool/web note=theirs'
check '... stays' equal theirs "$(sql "select value from berth.annotation where name = 'note'")"
at_once 'a limit' 'project limit acme/shop --max-leases 5 --reason why' 'max_leases set to 5' \
	'berth project limit acme/shop --max-leases 7'
check '... stays' equal 7 "$(sql "select max_leases from berth.project_view where name = 'shop'")"
berth pool exclude web 10009 --reason broken >"$TMPDIR/made"
at_once 'an included value that was excluded for another reason' 'pool include web 10009' 'include pool/web' \
	'berth pool include web 10009 && berth pool exclude web 10009 --reason leased'
check '... stays' equal 1 "$(of excluded)"

# --- forms ------------------------------------------------------------------------

# asks QUESTION: goes through the fields of a form to its question
asks() {
	screen_keys Down Down Down Down
	screen_wait "$1"
}

screen_keys 1
screen_wait '^>.* web '
say 'allocate web'
check 'the form of an allocation' screen_wait 'ALLOCATE'
check '... from a pool that the screen shows' asks 'Allocate from web\?'
swap web 11001-11009
screen_keys y
check '... is refused when another pool has the name' refused
check '... takes nothing of it' equal 1 "$(of used)"
screen_keys Escape

screen_keys 6
screen_wait 'acme/shop'
say 'project limit acme/shop --max-leases 3'
check 'the form of a limit' asks 'Set acme/shop to'
berth project delete acme/shop --grace 0s >"$TMPDIR/made"
berth worker --until-idle
berth project create acme/shop >"$TMPDIR/made"
screen_keys y
check '... likewise' refused
check '... sets none' equal '' "$(sql "select max_leases from berth.project where state <> 'destroyed'")"
screen_keys Escape

screen_keys 2
screen_wait 'innocent'
say 'allocate web --holder mine'
check 'a form about what is there' asks 'Allocate from web\?'
screen_keys y
check '... allocates' screen_wait 'allocated 1100'

# --- what was not changed ------------------------------------------------------

say 'pool set web --crit 95'
check 'a plan beside which others change other things' screen_wait 'crit 90 → 95'
berth pool set web --ttl 1d >"$TMPDIR/made"
screen_keys y
check '... is carried out' screen_wait 'done: pool set web'
check '... both count' equal '95 86400000000' "$(of "crit || ' ' || ttl")"
screen_keys Escape

# --- files -----------------------------------------------------------------------

printf 'pool,kind,range\nfile,number,20001-20009\n' >"$TMPDIR/ranges.csv"
say "pool import $TMPDIR/ranges.csv"
check 'the plan of an import' screen_wait 'name 20001-20009'
printf 'pool,kind,range\nfile,number,30001-30009\n' >"$TMPDIR/ranges.csv"
screen_keys y
check 'the import is carried out' screen_wait 'done: pool import'
check '... as the plan has shown it, whatever the file is by now' equal 20001-20009 \
	"$(sql "select r.name from berth.resource r join berth.pool p on p.id = r.pool where p.name = 'file'")"
screen_keys Escape
printf 'pool,value,holder\nfile,20003,ci\n' >"$TMPDIR/leases.csv"
say "lease import $TMPDIR/leases.csv"
check 'the plan of an import of leases' screen_wait 'applies it'
rm "$TMPDIR/leases.csv"
screen_keys y
check '... is carried out without its file' screen_wait 'done: lease import'
check '... as it was read' equal ci "$(sql "select holder from berth.lease where value = 20003")"

screen_type ':quit'
screen_keys Enter
check 'it ends' screen_ends 0
