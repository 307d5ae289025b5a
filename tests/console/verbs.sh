#!/usr/bin/env bash
# Verbs after `:` on a real terminal: screens with exactly the requested rows, answers in the pager, plans of
# changes, errors that keep the line, and names completed from the database.
. tests/lib.sh

new_database
{
	berth pool create web --kind ipv4 10.0.0.0/29
	berth pool create mail --kind number 1-9
	berth allocate web --holder old --label env=test
	berth allocate web --holder new --label env=prod
	berth org create acme
	berth project create acme/shop
} >"$TMPDIR/made"

# say LINE: types a whole line
say() {
	screen_type ":$1"
	screen_keys Enter
}

BERTH_ENV=prod screen_start 110 30 "$BERTH"
check 'it starts' screen_wait '^>.. *(mail|web)'

# reading verbs
say 'lease list --pool web -l env=prod'
check 'a pool and a selector become the scope and the filter' screen_wait 'pools > web > leases +/env=prod'
check '... the lease is shown' screen_wait '▪ HELD +10\.0\.0\.1 +new'
check '... and no other' tests_screen_hides 'HELD +10\.0\.0\.0'
say 'lease list --state active --limit 1'
check 'an answer without a screen is in the pager' screen_wait '^ :lease list --state active --limit 1'
check '... with its rows' screen_wait '10\.0\.0\.1 .*new'
screen_keys Escape
check 'Escape leaves it' screen_wait 'pools > web > leases'
say 'pool free web'
check 'the free ranges of a pool' screen_wait '10\.0\.0\.2-10\.0\.0\.7|10\.0\.0\.2.* 10\.0\.0\.7'
screen_keys q
say 'doctor'
check 'doctor' screen_wait '^ *ok +yes'
screen_keys q
say 'events pool/web'
check 'the events of a pool, after a lookup' screen_wait 'create +pool/web'
screen_keys q
say 'help pool create'
check 'the help of a verb' screen_wait 'usage: berth pool create'
screen_keys G
check '... scrolls' screen_wait 'berth help'
screen_keys q

# errors
say 'pool free nowhere'
check 'an error of the server is shown' screen_wait 'pool nowhere does not exist'
check '... under the line, which stays' screen_wait '^:pool free nowhere'
screen_keys Escape
say 'pool lst'
check 'the nearest verb is named' screen_wait 'did you mean pool list\?'
screen_keys BSpace BSpace BSpace
screen_type 'list --srt name'
screen_keys Enter
check 'the nearest option is named' screen_wait '\^ --srt: no such option; did you mean --sort\?|did you mean --sort'
screen_keys Escape
say 'worker --until-idle'
check 'a verb that needs a shell is refused with a hint' screen_wait 'not in the console; in a shell: berth .*worker --until-idle'
screen_keys Escape

# completion
screen_type ':pool fr'
screen_keys Tab
check 'a verb is completed' screen_wait '^:pool free $|^:pool free'
screen_type 'ma'
screen_keys Tab
check 'a pool of the database is completed' screen_wait '^:pool free mail'
screen_keys C-u
screen_type 'project show ac'
screen_keys Tab
check 'a project is completed' screen_wait '^:project show acme/shop'
screen_keys C-u
screen_type 'lease list -l env=pr'
screen_keys Tab
check 'the value of a label is completed' screen_wait '^:lease list -l env=prod'
screen_keys C-u
screen_type 'pool list --sort ru'
screen_keys Tab
check 'the value of an option is completed' screen_wait '^:pool list --sort runs-out'
screen_keys Escape

# changing verbs
say 'pool create db --kind number 100-105'
check 'nothing is changed while the console is read-only' screen_wait 'read-only: W turns write mode on'
screen_keys W
check 'the environment is requested' screen_wait 'Type "prod" to enable writes for 10 minutes'
screen_type prod
screen_keys Enter
check 'write mode' screen_wait 'RW (10:00|0?9:[0-9][0-9])'
say 'pool create db --kind number 100-105'
check 'a plan is a dry run' screen_wait 'y applies it'
check '... with what it would make' screen_wait '^ create pool/db'
screen_keys Enter
screen_paste y
check 'neither Enter nor a paste confirms' screen_wait 'paste ignored'
check 'nothing was created' equal 0 "$(sql "select count(*) from berth.pool where name = 'db'")"
screen_keys y
check 'y confirms it' screen_wait 'done: pool create db --kind number 100-105'
check 'the pool exists' equal 1 "$(sql "select count(*) from berth.pool where name = 'db'")"
screen_keys q
say 'label pool/db team=infra'
check 'labels are planned likewise' screen_wait '^   labels set to team=infra'
screen_keys n
check 'n leaves the plan' screen_wait 'nothing was changed'
check '... and changes nothing' equal 2 "$(sql 'select count(*) from berth.label')"
say "release --pool web -l env=test --reason 'no longer used'"
check 'a release with a selector is a plan' screen_wait 'release 1 web'
check '... only of the matching lease' screen_wait '10\.0\.0\.0 +old'
screen_keys Escape
say 'release --pool web --grace 5'
check 'an option that a plan cannot show is refused' screen_wait '\-\-grace: not in the console'
screen_keys Escape

screen_keys C-c
screen_keys C-c C-c
check 'the console ends' screen_ends 0
