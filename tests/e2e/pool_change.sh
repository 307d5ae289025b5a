#!/usr/bin/env bash
# Pools that change: their settings, which hold for what happens from then on, and their name.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
first=11111111-1111-4111-8111-111111111111
request=21111111-1111-4111-8111-111111111111
settings="concat_ws(' ', d->'warn', d->'crit', d->'ttl', d->'reuse_delay', d->'activate_hook', d->'release_hook')"
last_event="(select concat_ws(' ', e->>'action', e->'before', e->'after') from (select d->-1) x (e))"
berth -q pool create web --kind ipv4 10.9.0.0/24 --ttl 7d >"$TMPDIR/made"
berth -q allocate web --id $first --value 10.9.0.7 --holder ci-17 >"$TMPDIR/made"

# --- settings -----------------------------------------------------------------

check 'a dry run shows the pool as it would be' answers "$settings" '70 85 "30d" "1h" null null' \
	berth pool set web --warn 70 --crit 85 --ttl 30d --reuse-delay 1h -n --json
check '... and changes nothing' answers "$settings" '80 90 "7d" null null null' berth pool show web --json
check 'settings are changed' answers "concat_ws(' ', $settings, d->'replayed')" '70 90 "30d" null null null false' \
	berth pool set pool/web --warn 70 --ttl 30d --id $request --reason audit --json
check '... at once' answers "$settings" '70 90 "30d" null null null' berth pool show web --json
check '... with an event of what differs' answers "$last_event" \
	'set {"ttl": 604800000000, "warn": 80} {"ttl": 2592000000000, "warn": 70}' berth events pool/web --json
check '... leases keep their end' answers "(d->>'until')::timestamptz < now() + interval '8 days'" t \
	berth lease show $first --json
check '... new ones have the new one' answers "(d->>'until')::timestamptz > now() + interval '29 days'" t \
	berth allocate web --json
check 'the same id is a replay' answers "d->'replayed'" true berth pool set web --warn 70 --ttl 30d --id $request --json
check '... with other settings it is refused' refuses id_conflict berth pool set web --warn 71 --ttl 30d --id $request
check 'settings that are so already' exits 0 berth pool set web --warn 70
check '... make no event' answers "$last_event" \
	'set {"ttl": 604800000000, "warn": 80} {"ttl": 2592000000000, "warn": 70}' berth events pool/web --json
check 'a warning above the present critical one' refuses invalid_input berth pool set web --warn 95
check '... names both' complains 2 '--warn 95 would be above --crit 90 of pool web' berth pool set web --warn 95
check 'none ends a ttl' answers "$settings" '70 90 null null null null' berth pool set web --ttl none --json
check '... a lease has no end then' answers "d->'until'" null berth allocate web --json
check 'an unknown pool' refuses not_found berth pool set nope --warn 1
check 'the status follows' answers "d->>'status'" critical berth pool set web --warn 0 --crit 1 --json

hook up <<<$'#!/bin/sh\nexit 0'
check 'hooks are named' answers "$settings" '0 1 null "5m" "up" "up"' \
	berth pool set web --activate-hook up --release-hook up --reuse-delay 5m --json
lease=31111111-1111-4111-8111-111111111111
berth -q allocate web --id $lease >"$TMPDIR/made"
check 'a new lease waits for its hook' answers "d->>'state'" acquired berth lease show $lease --json
check '... which runs' work
check '... then it is active' answers "d->>'state'" active berth lease show $lease --json
berth -q allocate web --id 41111111-1111-4111-8111-111111111111 >"$TMPDIR/made"
check 'hooks are dropped, with one queued' answers "$settings" '0 1 null null null null' \
	berth pool set web --activate-hook none --release-hook none --reuse-delay none --json
check '... a worker without hooks goes on' exits 0 berth -q worker --until-idle
check '... the lease is active' answers "d->>'state'" active berth lease show 41111111-1111-4111-8111-111111111111 --json
berth -q pool set web --release-hook up >"$TMPDIR/made"
check 'a release is queued for its hook' exits 0 berth release $lease
berth -q pool set web --release-hook none >"$TMPDIR/made"
check '... which is dropped: a worker without hooks goes on' exits 0 berth -q worker --until-idle
check '... the lease is gone' answers "d->>'state'" destroyed berth lease show $lease --json
printf 'pool set web --warn 10 --crit 20\npool rename web edge\nallocate edge\n' >"$TMPDIR/lines"
check 'in a batch' answers "(select string_agg(coalesce(e->>'pool', e->>'name'), ' ') from jsonb_array_elements(d) e)" \
	'web edge edge' berth batch "$TMPDIR/lines" --json
check '... and back' exits 0 berth pool rename edge web

# --- names --------------------------------------------------------------------

id=$(psql -XqAt -c "select id from berth.pool where name = 'web'")
check 'a range is added' exits 0 berth pool add web 10.9.1.0/24 --id 51111111-1111-4111-8111-111111111111
check 'a release is queued by name' exits 0 berth release --pool web --holder nobody-has-this --yes \
	--id 61111111-1111-4111-8111-111111111111
check 'a dry run renames nothing' answers "d->>'name'" www berth pool rename web www -n --json
check '... at all' exits 0 berth pool show web
berth -q pool create other --kind number 1-9 >"$TMPDIR/made"
check 'a name that is taken' refuses already_exists berth pool rename web other
check '... is told' complains 5 'pool other exists already' berth pool rename web other
check 'an unknown pool' refuses not_found berth pool rename nope www
check 'a pool is renamed' answers "concat_ws(' ', d->>'name', d->>'id')" "www $id" \
	berth pool rename web www --id 71111111-1111-4111-8111-111111111111 --json
check '... its leases go with it' answers "concat_ws(' ', d->>'pool', d->>'value')" 'www 10.9.0.7' berth lease show $first --json
check '... its history stays' answers "(d->0->>'action') || ' ' || $last_event" \
	'create rename {"name": "web"} {"name": "www"}' berth events pool/www --json
check '... once by its id' answers "concat_ws(' ', d->>'name', d->'replayed')" 'www true' \
	berth pool rename web www --id 71111111-1111-4111-8111-111111111111 --json
check '... to another name it is refused' refuses id_conflict \
	berth pool rename web wwx --id 71111111-1111-4111-8111-111111111111
for verb in 'pool show' 'pool free' 'resource list' 'allocate' 'lease list --pool' 'release --yes --pool' 'pool set --warn 1'; do
	read -ra words <<<"$verb"
	check "$verb OLD tells the new name" complains 4 'it was renamed to www' berth "${words[@]}" web
done
for verb in 'events' 'queue list --target' 'label list' 'annotate list'; do
	read -ra words <<<"$verb"
	check "$verb pool/OLD tells the new name" complains 4 'it was renamed to www' berth "${words[@]}" pool/web
done

# Requests from before are answered under the former name.
check 'a replay of the lease' answers "concat_ws(' ', d->>'pool', d->'replayed')" 'www true' berth allocate web --id $first --json
check '... with its value' answers "concat_ws(' ', d->>'pool', d->'replayed')" 'www true' \
	berth allocate web --id $first --value 10.9.0.7 --json
check '... with another one it is refused' refuses id_conflict berth allocate web --id $first --value 10.9.0.8
check '... also under the new name' answers "d->'replayed'" true berth allocate www --id $first --json
check '... and under no other' refuses id_conflict berth allocate other --id $first
check 'a replay of the added range' answers "d->0->'replayed'" true \
	berth pool add web 10.9.1.0/24 --id 51111111-1111-4111-8111-111111111111 --json
check 'a replay of the release' answers "d->'replayed'" true berth release --pool web --holder nobody-has-this --yes \
	--id 61111111-1111-4111-8111-111111111111 --json
check 'a replay of the settings' answers "d->'replayed'" true berth pool set web --warn 70 --ttl 30d --id $request --json
check '... under the present name' answers "d->'replayed'" true berth pool set www --warn 70 --ttl 30d --id $request --json
check '... not under another one' refuses id_conflict berth pool set other --warn 70 --ttl 30d --id $request

# Another pool takes the name.
check 'a pool takes the former name' exits 0 berth pool create web --kind ipv4 --space lab 10.9.0.0/24
check '... the lease is of the other one' complains 5 'it is in pool www, not web' berth allocate web --id $first
check '... with its value' refuses id_conflict berth allocate web --id $first --value 10.9.0.7
check '... the settings were of the other one' refuses id_conflict berth pool set web --warn 70 --ttl 30d --id $request
check '... its own leases are given' answers "d->>'pool'" web berth allocate web --json
check '... the name is taken' refuses already_exists berth pool rename www web
check '... until that one is renamed' exits 0 berth pool rename web lab
check '... then both can be repeated under it' answers "d->>'pool'" www berth allocate web --id $first --json
check '... the hint names the last one' complains 4 'it was renamed to lab' berth pool show web
check 'a pool gets its first name back' answers "d->>'name'" web berth pool rename www web --json
check '... its leases go with it' answers "d->>'pool'" web berth lease show $first --json
check 'to the name that it has' exits 0 berth pool rename web web
check '... makes no event' answers "$last_event" 'rename {"name": "www"} {"name": "web"}' berth events pool/web --json
check 'a deleted pool has no hint' exits 0 berth pool rename other gone
check '... it is emptied' exits 0 berth pool remove gone 1-9
check '... and deleted' exits 0 berth pool delete gone
check '... ' complains 4 'berth pool list shows' berth pool show other
check 'the doctor finds nothing' answers "d->'ok'" true berth doctor --json
