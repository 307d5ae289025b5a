#!/usr/bin/env bash
# A user who may only look is not offered what changes something.
. tests/lib.sh
. tests/lib/roles.sh

new_database
berth -q pool create web --kind number 1-9 >"$TMPDIR/made"
check "users of each role" roles_new

screen_start 100 24 env PGUSER="${logins[viewer]}" "$BERTH"
check 'a viewer sees the pools' screen_wait '^>.* web'
check '... and that it is a viewer' screen_wait '│ RO viewer '
check '... without a key that writes' screen_wait_gone 'W write'
screen_keys W
check '... which says why' screen_wait 'you may look, but change nothing'
screen_keys a
check '... as a form does' screen_wait 'you may look, but change nothing'
screen_type ':pool delete web'
screen_keys Enter
check '... and a verb' screen_wait 'you may look, but change nothing'
screen_keys q
check 'it ends' screen_ends 0

screen_start 100 24 env PGUSER="${logins[operator]}" "$BERTH"
check 'an operator sees the pools' screen_wait '^>.* web'
check '... and is offered to write' screen_wait 'W write'
screen_keys W
check '... on request' screen_wait 'to enable writes'
screen_keys Escape q
check 'it ends too' screen_ends 0
