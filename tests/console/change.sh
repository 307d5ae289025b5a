#!/usr/bin/env bash
# Changes of pools and leases on a real terminal: their plans after `:`, their history, and the search for an address.
. tests/lib.sh
. tests/lib/work.sh

new_database
lease=11111111-1111-4111-8111-111111111111
{
	berth pool create edge --kind ipv4 10.9.0.0/24
	berth pool create vlans --kind number 1-9
	berth allocate edge --id $lease --value 10.9.0.77 --holder ci-17
	berth org create acme
} >"$TMPDIR/made"

BERTH_ENV=prod screen_start 120 40 "$BERTH"
check 'it starts' screen_wait '^>.. *(edge|vlans)'

# --- an address ---------------------------------------------------------------

screen_type '/10.9.0.77'
screen_keys Enter
check 'an address finds its pool among pools' screen_wait '^>.. *edge'
screen_keys Escape 2
check 'the leases' screen_wait '^>.. HELD +10\.9\.0\.77'
screen_type '/10.9.0.77'
screen_keys Enter
check 'it finds its lease among leases' screen_wait '^>.. HELD +10\.9\.0\.77'
screen_keys Escape
screen_type '/10.9.0.78'
screen_keys Enter
check 'one that is free is looked up' screen_wait '^ :pool find 10\.9\.0\.78'
check '... and is free' screen_wait 'edge +global +10\.9\.0\.78 +10\.9\.0\.78 +free'
screen_keys Escape
check '... the list is as before' screen_wait '^>.. HELD +10\.9\.0\.77'
screen_keys 6
check 'the projects' screen_wait '^ projects'
screen_type '/10.9.0.77'
screen_keys Enter
check 'among projects it is looked up as well' screen_wait '10\.9\.0\.77 +leased +11111111-1111-4111-8111-111111111111 +ci-17'
screen_keys Escape
screen_type '/10.10.0.0/16'
screen_keys Enter
check 'a range in no pool' screen_wait '10\.10\.0\.0/16: in no live range'
screen_keys Escape 4
check 'the labels' screen_wait '^ labels'
screen_type '/10.9.0.76-10.9.0.77'
screen_keys Enter
check 'a range among labels' screen_wait '10\.9\.0\.76 +10\.9\.0\.76 +free'
screen_keys Escape
screen_type '/nothing-like-it'
screen_keys Enter
check 'a word that nothing shows is no address' screen_wait '/nothing-like-it'
screen_keys Escape 1

# --- plans --------------------------------------------------------------------

screen_type ':pool set edge --warn 55'
screen_keys Enter
check 'read-only' screen_wait 'read-only: W turns write mode on'
screen_keys W
screen_wait 'to enable writes' && screen_type prod && screen_keys Enter
check 'write mode' screen_wait 'RW'
screen_type ':pool set edge --warn 55 --ttl 7d'
screen_keys Enter
check 'pool set opens its plan' screen_wait 'y applies it'
check '... each setting before and after' screen_wait '^   warn 80 → 55'
screen_keys y
check '... y applies it' screen_wait 'done: pool set edge'
screen_keys Escape
screen_type ':pool rename edge web'
screen_keys Enter
check 'pool rename too' screen_wait 'name edge → web'
screen_keys y
check '... y applies it' screen_wait 'done: pool rename edge web'
screen_keys Escape
screen_type ':pool remove web 10.9.0.128/25'
screen_keys Enter
check 'pool remove shows what becomes of the range' screen_wait '10\.9\.0\.0/24 → 10\.9\.0\.0/25'
screen_keys y
check '... y applies it' screen_wait 'done: pool remove web'
screen_keys Escape
screen_type '/web'
screen_keys Enter
check 'the pool' screen_wait '^>.. *web'
check 'its detail has the rename' screen_wait '  name edge → web'
check '... and the settings before and after' screen_wait 'warn 80 → 55'
screen_type ':pool exclude web 10.9.0.0/30 10.9.0.77 --reason routers'
screen_keys Enter
check 'pool exclude opens its plan' screen_wait '^ +10\.9\.0\.0-10\.9\.0\.3 routers$'
check '... a line for each range' screen_wait '^ +10\.9\.0\.77 routers$'
screen_keys y
check '... y applies it' screen_wait 'done: pool exclude web'
check 'the detail of the pool has the values and the reason' screen_wait '10\.9\.0\.0/30 routers'
screen_type ':pool include web 10.9.0.2'
screen_keys Enter
check 'pool include opens its plan' screen_wait '^ +10\.9\.0\.2 routers$'
screen_keys y
check '... y applies it' screen_wait 'done: pool include web'
check 'a reason with lines of its own' berth -q pool exclude web 10.9.0.90 --reason $'spare\ndelete pool/web'
screen_type ':pool include web 10.9.0.90'
screen_keys Enter
check '... is one line of a plan' screen_wait '^ +10\.9\.0\.90 spare‹0A›delete pool/web$'
screen_keys Escape
check 'the detail has the rest' screen_wait '(│|^) +10\.9\.0\.3 routers'
screen_type ":transfer $lease --holder ci-18"
screen_keys Enter
check 'transfer opens its plan' screen_wait '^ holder ci-17 → ci-18'
check '... and says what stays' screen_wait 'the new holder is ci-18; value, end and labels stay'
screen_keys y
check '... y queues it' screen_wait 'queued|runs'
check 'a worker applies it' work
screen_keys 2
check 'the lease has its new holder' screen_wait '10\.9\.0\.77 +ci-18'
check '... its history tells both' screen_wait '  holder ci-17 → ci-18'
screen_type ':quit'
screen_keys Enter
check 'it ends' screen_ends 0
