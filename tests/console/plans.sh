#!/usr/bin/env bash
# Every changing verb after `:` opens the one plan, on a real terminal with a real worker: its rows before and after,
# its phrase, its result, and its refusals.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
hook refuses <<'END_OF_HOOK'
#!/bin/sh
echo 'the switch says no' >&2
exit 1
END_OF_HOOK
{
	berth pool create web --kind ipv4 10.0.0.0/28 10.0.1.0/28
	berth pool create stuck --kind number 100-109 --release-hook refuses
	berth pool create spare --kind number 1-9
	berth pool create empty --kind number 50-59
	berth org create acme
	berth project create acme/shop
	berth allocate spare --holder keeper
} >"$TMPDIR/made"
take web 3 --holder ci --label env=test --for 1d
a=${leases[0]} b=${leases[1]} c=${leases[2]}
take web 1 --holder vm --label env=prod
prod=${leases[0]}
take stuck 3 --holder old
berth release "${leases[@]}" --yes >"$TMPDIR/made"
work
# The stuck commands, oldest first.
mapfile -t broken < <(sql "select id from berth.command where state = 'quarantined' order by seq")
check 'three commands are stuck' equal 3 "${#broken[@]}"

# say LINE: types a whole line
say() {
	screen_type ":$1"
	screen_keys Enter
}

# confirm PHRASE: types the phrase of a plan
confirm() {
	screen_type "$1"
	screen_keys Enter
}

# applied TITLE: a worker applies what is queued, and the console tells the end of the command with that title
applied() {
	work && screen_wait "\\($1"
}

# commands ACTION NUMBER: that many were requested
commands() {
	equal "$2" "$(sql "select count(*) from berth.command where action = '$1' and parent is null")"
}

BERTH_ENV=prod screen_start 140 40 "$BERTH"
check 'it starts' screen_wait '^>.. *(empty|spare|stuck|web)'
screen_keys W
screen_wait 'to enable writes' && confirm prod
check 'write mode' screen_wait 'RW'

# --- leases ---------------------------------------------------------------------

say "label -l env=nothing --of lease env=prod"
check 'a selection that matches nothing' screen_wait 'nothing matches'

say "extend $a --for 7d"
check 'one lease: its end before and after' screen_wait 'until 20[0-9-]+ [0-9:]+ UTC → 20[0-9-]+ [0-9:]+ UTC'
check '... it is named by value and holder' screen_wait 'extend 10\.0\.0\.0 of web, held by ci on prod'
screen_keys Escape
check 'Esc leaves it' screen_wait 'nothing was queued'

say "extend $a $b --for 7d --reason 'longer tests'"
check 'two leases: a row each' screen_wait 'until 20[0-9-]+ [0-9:]+ UTC → 20[0-9-]+ [0-9:]+ UTC: HELD 10\.0\.0\.0 '
check '... and the other' screen_wait 'until 20[0-9-]+ [0-9:]+ UTC → 20[0-9-]+ [0-9:]+ UTC: HELD 10\.0\.0\.1 '
check '... the reason' screen_wait 'reason longer tests'
check '... and a phrase with count and pool' screen_wait '^ +extend 2 web$'
confirm 'extend 2'
check 'a wrong phrase keeps the plan' screen_wait 'wrong phrase: nothing was queued'
check '... and queues nothing' commands extend 0
screen_keys C-u
confirm 'extend 2 web'
check 'a worker applies it' applied 'extend 2 leases'
check 'as one bulk of these two' equal 2 \
	"$(sql "select jsonb_array_length(arguments->'scopes') from berth.command where action = 'extend' and parent is null")"
check 'both end later' equal 2 "$(sql "select count(*) from berth.lease where until > now() + interval '2 days'")"

say 'extend --pool web -l env=test --until never'
check 'a selection: three rows' screen_wait 'until 20[0-9-]+ [0-9:]+ UTC → never: HELD 10\.0\.0\.1 '
check '... of each lease' screen_wait 'until 20[0-9-]+ [0-9:]+ UTC → never: HELD 10\.0\.0\.2 '
check '... and not the lease with another label' tests_screen_hides 'HELD 10\.0\.0\.3'
check '... the selection is the title' screen_wait 'extend leases of web with env=test on prod'
screen_type '/0.0.2'
screen_keys Enter
check 'its rows can be searched' screen_wait 'HELD 10\.0\.0\.2 '
confirm 'extend 3 web'
check 'a worker applies it' applied 'extend leases of web'
check 'none has an end' equal 0 "$(sql "select count(*) from berth.lease where until < 'infinity'")"

say "transfer $a $b --holder ci-2"
check 'transfer: the holder before and after' screen_wait 'holder ci → ci-2: HELD 10\.0\.0\.0 '
check '... of the other too' screen_wait 'holder ci → ci-2: HELD 10\.0\.0\.1 '
confirm 'transfer 2 web'
check 'a worker applies it' applied 'transfer 2 leases'
check 'both have the new holder' equal 2 "$(sql "select count(*) from berth.lease where holder = 'ci-2'")"

say "label -l env=test --of lease env=prod team=infra"
check 'label: the labels before and after' screen_wait 'labels env=test → env=prod team=infra: HELD 10\.0\.0\.0 '
confirm 'label 3 web'
check 'a worker applies it' applied 'label leases of all pools'
check 'three are labelled' equal 3 "$(sql "select count(*) from berth.label where name = 'team'")"

# What changes after the plan is shown is refused, not changed.
say "transfer $a $b --holder late"
check 'planned' screen_wait 'holder ci-2 → late: HELD 10\.0\.0\.0 '
berth transfer "$a" --holder other >"$TMPDIR/made" && work
confirm 'transfer 2 web'
check 'a worker applies it' applied 'transfer 2 leases'
check 'the lease that changed is left alone' equal 'other|late' \
	"$(sql "select string_agg(holder, '|' order by value) from berth.lease where id in ('$a', '$b')")"

say "release $a $b"
check 'release: the effect' screen_wait 'web: used 4 → 2, free 28 → 30'
check '... its rows with the generation that was seen' screen_wait '10\.0\.0\.0 +other .*gen [0-9]'
check '... its undo window' screen_wait 'it waits 10s, and u cancels it'
confirm 'release 2 web'
check 'it waits' screen_wait 'runs in [0-9]+s; u cancels'
screen_keys u
check 'and is cancelled' screen_wait 'cancelled, nothing was changed'

# --- resources --------------------------------------------------------------------

say 'resource cordon web/10.0.0.0/28 web/10.0.1.0/28'
check 'cordon: each resource before and after' screen_wait 'cordoned no → yes: ACTIVE 10\.0\.0\.0/28'
check '... and the counts of the pool' screen_wait 'web: held back 0 → 28, free 28 → 0'
confirm 'cordon 2 web'
check 'a worker applies it' applied 'cordon 2 resources'
check 'both are cordoned' equal 2 "$(sql "select count(*) from berth.resource where cordoned")"
say 'resource cordon web/10.0.0.0/28'
check 'one that is so already is refused at once' screen_wait '\^ it is so already'
check '... and the line stays' screen_wait '^:resource cordon web/10\.0\.0\.0/28'
screen_keys Escape
say 'resource uncordon web/10.0.0.0/28 web/10.0.1.0/28'
check 'uncordon' screen_wait 'cordoned yes → no: '
confirm 'uncordon 2 web'
check 'a worker applies it' applied 'uncordon 2 resources'
check 'none is cordoned' equal 0 "$(sql "select count(*) from berth.resource where cordoned")"
say 'resource reclaim empty/50-59'
check 'reclaim has its plan' screen_wait 'reclaim 50-59 of empty on prod'
screen_keys y
check 'a worker applies it' applied 'reclaim 50-59 of empty'
check 'the resource is gone' equal destroyed "$(sql "select state from berth.resource where first = 50")"
say 'resource release web/10.0.1.0/28'
check 'a drain has a phrase' screen_wait 'drain 0 web'
screen_keys Escape

# --- the queue --------------------------------------------------------------------

say "queue retry ${broken[0]} ${broken[1]}"
check 'retry: what becomes of the commands' screen_wait 'state quarantined → done: '
confirm 'retry 2 stuck'
check 'a worker applies it' applied 'retry 2 commands'
say "queue cancel ${broken[0]}"
check 'what cannot be cancelled is refused at once' screen_wait '\^ it has ended already'
screen_keys Escape
mapfile -t again < <(sql "select id from berth.command where state = 'quarantined' order by seq")
say "queue force ${again[0]}"
check 'force of one has a phrase' screen_wait '^ +force 1 stuck$'
check '... and says what it means' screen_wait 'no hook and no delay'
confirm 'force 1 stuck'
check 'a worker applies it' applied 'force the release'
check 'its lease is destroyed' equal 1 \
	"$(sql "select count(*) from berth.lease_view where pool = 'stuck' and state = 'destroyed'")"
say "queue force $(sql "select id from berth.command where action = 'cordon' limit 1")"
check 'a command without a hook is refused when the plan would open' screen_wait '\^ command .* has no hook'
check '... and nothing is queued' commands force 1
screen_keys Escape
{
	berth release "$c" --grace 1h
	berth release "$prod" --grace 1h
} >"$TMPDIR/made"
mapfile -t waits < <(sql "select id from berth.command where state = 'queued' order by seq")
say "queue cancel ${waits[0]} ${waits[1]}"
check 'cancel: each command before and after' screen_wait 'state queued → cancelled: '
confirm 'cancel 2 commands'
check 'they are cancelled' screen_wait 'done: cancel'
check '... both' equal 2 "$(sql "select count(*) from berth.command where state = 'cancelled' and parent is null and id in ('${waits[0]}', '${waits[1]}')")"

# --- verbs that act at once ----------------------------------------------------------

say 'pool set spare --warn 70 --ttl 7d'
check 'pool set: each setting before and after' screen_wait '^   warn 80 → 70'
check '... the other too' screen_wait '^   ttl set to 7d'
check '... and the key' screen_wait 'y applies it'
screen_keys n
check 'n leaves it' screen_wait 'nothing was changed'
check '... unchanged' equal 80 "$(sql "select warn from berth.pool where name = 'spare'")"
say 'pool set spare --warn 70 --ttl 7d'
screen_wait 'warn 80 → 70'
screen_keys Enter
screen_paste y
check 'a paste does not confirm' screen_wait 'paste ignored'
screen_keys y
check 'y applies it' screen_wait 'done: pool set spare --warn 70 --ttl 7d'
check '... changed' equal 70 "$(sql "select warn from berth.pool where name = 'spare'")"
say 'pool rename spare ports'
check 'pool rename: both names' screen_wait 'name spare → ports'
screen_keys y
check 'renamed' screen_wait 'done: pool rename spare ports'
say 'pool remove ports 8-9'
check 'pool remove: what becomes of the resource' screen_wait '(last|name) .*9 → '
screen_keys y
check 'removed' screen_wait 'done: pool remove ports 8-9'
say 'pool create db --kind number 200-205 --warn 60'
check 'pool create: the new pool' screen_wait '^   warn 60'
screen_keys y
check 'created' screen_wait 'done: pool create db'
say 'pool add db 300-305'
check 'pool add: the new resource' screen_wait 'create resource/'
screen_keys y
check 'added' screen_wait 'done: pool add db 300-305'
say 'pool delete empty'
check 'pool delete' screen_wait 'remove pool/empty'
screen_keys y
check 'deleted' screen_wait 'done: pool delete empty'
say "label pool/db env=prod"
check 'the labels of one thing' screen_wait '^   labels set to env=prod'
screen_keys y
check 'labelled' screen_wait 'done: label pool/db env=prod'
say "annotate pool/db note='of the shop team'"
check 'an annotation' screen_wait '^   annotations set to note=of the shop team'
screen_keys y
check 'annotated' screen_wait 'done: annotate pool/db'
say 'allocate db --count 2 --holder ci'
check 'an allocation of several, which no form has' screen_wait '201 +active +ci'
screen_keys y
check 'allocated' screen_wait 'done: allocate db --count 2'
check '... both' equal 2 "$(sql "select count(*) from berth.lease_view where pool = 'db'")"

# --- refusals -----------------------------------------------------------------------

say 'pool set nowhere --warn 70'
check 'an error of the dry run is under the line' screen_wait '\^ pool nowhere does not exist'
check '... which stays' screen_wait '^:pool set nowhere --warn 70'
screen_keys Escape
say "extend --pool nowhere --for 7d"
check 'an error of a plan too' screen_wait '\^ .*nowhere'
check '... the line stays' screen_wait '^:extend --pool nowhere --for 7d'
screen_keys Escape
say "extend $a $b"
check 'the words are read as in a shell' screen_wait 'either --until or --for must be given'
screen_keys Escape
say "extend $a $b --for 7d --grace 5s"
check 'a plan has its own undo window' screen_wait '\-\-grace: not in the console'
screen_keys Escape

screen_keys C-c
screen_keys C-c C-c
check 'the console ends' screen_ends 0
