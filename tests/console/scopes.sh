#!/usr/bin/env bash
# What a list is limited to: a pool that gets another name, one that takes its old name, and what does not exist.
. tests/lib.sh

export XDG_CONFIG_HOME=$TMPDIR/config
new_database
{
	berth pool create web --kind number 1-9
	berth pool create mail --kind number 10-19
	berth allocate web --holder inweb
	berth allocate mail --holder inmail
} >"$TMPDIR/made"

say() {
	screen_type ":$1"
	screen_keys Enter
}

BERTH_ENV=prod screen_start 120 40 "$BERTH"
check 'it starts' screen_wait '^>.. *(web|mail)'
say 'leases nosuch'
check 'a pool that does not exist is named' screen_wait 'pool nosuch does not exist'
check '... on the screen before' screen_wait '^>.. *(web|mail)'
say 'leases acme/none'
check 'a project, too' screen_wait 'project acme/none does not exist'
say 'resources nosuch'
check 'of resources' screen_wait 'pool nosuch does not exist'
say 'lease holders --pool gone'
check 'of holders' screen_wait 'pool gone does not exist'
say 'queue list --parent 4f2c0a91-0000-4000-8000-00000000000a'
check 'and the items of a command' screen_wait 'command 4f2c0a91-0000-4000-8000-00000000000a does not exist'
say 'leases web'
check 'a pool that exists is shown' screen_wait 'leases > web > leases|pools > web|web > leases'
check '... with its leases' screen_wait 'inweb'
screen_keys w
screen_type 'mine'
screen_keys Enter
check 'the view is saved' screen_wait 'saved as mine'
check '... with the id of the pool' grep -q "^scope-id = $(sql "select id from berth.pool where name = 'web'")$" \
	"$XDG_CONFIG_HOME/berth/views"
check 'it is renamed' berth -q pool rename web www
check 'the list has the new name' screen_wait 'pool web is called www now'
check '... and the same leases' screen_wait '(www > leases|leases > www|pools > www)'
check 'another pool takes the old name' berth -q pool create web --kind number 20-29
check '... and has a lease' berth -q allocate web --holder other
check 'the first has another lease' berth -q allocate www --holder later
screen_keys C-r
check 'it is not taken for the first' screen_wait 'later'
check '... whose list has no lease of it' tests_screen_hides 'other'
say 'pools'
check 'another list' screen_wait '^>.. *(web|www|mail)'
say 'view mine'
check 'the saved view follows the pool' screen_wait 'pool web is called www now'
check '... to its leases' screen_wait 'inweb'
screen_keys w
screen_type 'mine'
screen_keys Enter
check 'a view is not replaced without a word' screen_wait 'view mine already exists; --force replaces it'
screen_type ' --force'
screen_keys Enter
check '... but on demand' screen_wait 'saved as mine'
check 'the pool is emptied' berth -q release --pool www --yes
check '... by a worker' berth -q worker --until-idle
check '... its range is removed' berth -q pool remove www 1-9
check '... and it is deleted' berth -q pool delete www
check 'its list is left, and says so' screen_wait 'pool www does not exist any more'
say 'leases www'
check 'a former name has a hint, if the pool exists' screen_wait 'pool www does not exist'
check 'the other is renamed' berth -q pool rename mail post
say 'leases mail'
check '... as this one does' screen_wait 'pool mail does not exist; it was renamed to post'
say 'quit'
check 'the console ends' screen_ends 0
