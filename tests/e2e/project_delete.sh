#!/usr/bin/env bash
# The deletion of a project: it is closed at once, its leases are released with their hooks, then it goes with
# its pools.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
berth -q org create acme --max-projects 5 >"$TMPDIR/made"
id=11111111-1111-4111-8111-111111111111
again=22222222-2222-4222-8222-222222222222
hook bye <<'END'
#!/bin/sh
[ -e "$0.fails" ] && echo no >&2 && exit 1
exit 0
END
state_of() {
	sql "select state from berth.project where name = '$1' order by created desc limit 1"
}
new_project() {
	berth -q project create "acme/$1" --space "$1" --pool "$1=1-20" "${@:2}" >"$TMPDIR/made"
}
project_is() {
	answers "concat_ws(' ', d->>'state', d->'leases')" "$2" berth project show "acme/$1" --json
}

# --- the normal course ----------------------------------------------------------------

new_project web --max-leases 9 --label a=b
lease=99999999-9999-4999-8999-999999999999
berth -q allocate web --project acme/web --count 2 >"$TMPDIR/made"
berth -q allocate web --project acme/web --id $lease >"$TMPDIR/made"
before=$(fingerprint)
check 'a plan' answers "concat_ws(' ', d->'targets', jsonb_array_length(d->'sample'), d->'effect'->'web'->'before', d->'effect'->'web'->'after')" \
	'3 3 {"free": 17, "used": 3, "held_back": 0} {"free": 0, "used": 0, "held_back": 0}' berth project delete acme/web -n --json
check '... changes nothing' equal "$before" "$(fingerprint)"
check 'it is queued' answers "concat_ws(' ', d->>'id', d->>'action', d->>'target', d->>'state', d->>'reason', d->'replayed')" \
	"$id delete project/acme/web queued moved false" berth project delete acme/web --id $id --reason moved --json
check 'again' answers "concat_ws(' ', d->>'id', d->'replayed')" "$id true" berth project delete acme/web --id $id --json
check 'its id is refused for another request' refuses id_conflict berth org create x --id $id
check 'it is closed' project_is web 'deleting 3'
check '... in the list too' answers "d->0->>'state'" deleting berth project list --json
before=$(fingerprint)
while IFS='|' read -r what words; do
	read -ra words <<<"$words"
	check "closed: $what" refuses precondition_failed berth "${words[@]}"
	check '... it says so' equal 'acme/web deleting' "$(fault "concat_ws(' ', d->'error'->'detail'->>'project', d->'error'->'detail'->>'state')")"
done <<'END'
allocate|allocate web --project acme/web
allocate several|allocate web --project acme/web --count 2
allocate a value|allocate web --project acme/web --value 9
allocate, in line|allocate web --project acme/web --wait=0s
a pool|pool create more --kind number --space more --project acme/web
a range|pool add web 30-40
its limit|project limit acme/web --max-leases 10
END
check '... nothing has changed' equal "$before" "$(fingerprint)"
check 'its name is not free' refuses already_exists berth project create acme/web
check 'its place is not free' answers "d->'projects'" 1 berth org show acme --json
check 'an existing lease is replayed' answers "d->'replayed'" true berth allocate web --project acme/web --id $lease --json
check 'the queue lists it' answers "d->0->>'id'" $id berth queue list --target project/acme/web --json
check 'a worker' work
check '... has applied it' answers "concat_ws(' ', d->>'state', d->>'outcome', d->'progress')" \
	'done applied {"done": 3, "noop": 0, "total": 3, "failed": 0, "applied": 3, "rejected": 0, "cancelled": 0}' berth queue show $id --json
check 'it is gone' refuses not_found berth project show acme/web
check '... its pool' refuses not_found berth pool show web
check '... its leases' answers d '[]' berth lease list --json
check '... each by a child command' answers "jsonb_array_length(d)" 3 berth queue list --parent $id --json
check '... its resources' answers d '[]' berth resource list --json
check '... its labels' equal 0 "$(sql 'select count(*) from berth.label')"
check '... its place' answers "d->'projects'" 0 berth org show acme --json
check 'a repeated deletion is queued' exits 0 berth project delete acme/web --id $again
check '... and work' work
check '... is a no-op' answers "concat_ws(' ', d->>'state', d->>'outcome')" 'done noop' berth queue show $again --json
check '... the first is answered as it ended' answers "concat_ws(' ', d->>'outcome', d->'replayed')" 'applied true' \
	berth project delete acme/web --id $id --json
check 'its name is free' answers "d->'leases'" 0 berth project create acme/web --space web --pool web=1-20 --json
check '... and the new one is another one' project_is web 'active 0'
check 'doctor finds nothing' exits 0 berth doctor

# --- with --wait -----------------------------------------------------------------------

berth -q allocate web --project acme/web --count 2 >"$TMPDIR/made"
working
check 'with --wait' answers "concat_ws(' ', d->>'state', d->>'outcome')" 'done applied' berth project delete acme/web --wait=20s --json
worked
check '... it is gone' refuses not_found berth project show acme/web
new_project empty
berth -q project delete acme/empty >"$TMPDIR/made" && work
check 'one without leases goes too' equal destroyed "$(state_of empty)"
berth -q project create acme/bare >"$TMPDIR/made" && berth -q project delete acme/bare >"$TMPDIR/made" && work
check '... and one without pools' equal destroyed "$(state_of bare)"
check 'a deletion that expects another generation' exits 0 bash -c '"$BERTH" -q project create acme/gen >"$TMPDIR/made" && "$BERTH" -q project delete acme/gen --expect-generation 7 --id "$0"' 33333333-3333-4333-8333-333333333333
check '... leaves the project open' project_is gen 'active 0'
work
check '... and is rejected' answers "concat_ws(' ', d->>'outcome', d->>'explanation')" 'rejected generation 1 now, you saw 7: it never was at that one' \
	berth queue show 33333333-3333-4333-8333-333333333333 --json
check '... a deletion with the right generation' exits 0 berth project delete acme/gen --expect-generation 1
work
check '... is applied' equal destroyed "$(state_of gen)"

new_project twice
check 'one in its grace' exits 0 berth project delete acme/twice --grace 1h
check '... another one with another generation' exits 0 berth project delete acme/twice --expect-generation 7 \
	--id aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa
work
check '... is rejected' answers "concat_ws(' ', d->>'outcome', d->>'explanation')" \
	'rejected generation 2 now, you saw 7: it never was at that one' berth queue show aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa --json
check '... and the first one waits' project_is twice 'deleting 0'
check '... one with the right generation overtakes it' exits 0 berth project delete acme/twice --expect-generation 2
work
check '... and it is gone' equal destroyed "$(state_of twice)"
check '... the first one has nothing to do' equal 'done noop' "$(sql "select state, outcome from berth.command
	where action = 'delete' and not_before > now()" | tr '|' ' ')"

# --- cancelled ---------------------------------------------------------------------------

new_project back --max-leases 9
berth -q allocate back --project acme/back --count 2 >"$TMPDIR/made"
berth -q project delete acme/back --grace 1h --id 44444444-4444-4444-8444-444444444444 >"$TMPDIR/made"
check 'in its grace it is closed' project_is back 'deleting 2'
work
check '... and nothing else' project_is back 'deleting 2'
check 'cancelled' exits 0 berth queue cancel 44444444-4444-4444-8444-444444444444
check '... it is open' project_is back 'active 2'
check '... for new ones' exits 0 berth allocate back --project acme/back
check '... which are counted' project_is back 'active 3'
check 'its events are complete' answers "(select string_agg(e->>'action', ' ' order by n) from jsonb_array_elements(d) with ordinality l (e, n))" \
	'create delete set' berth events project/acme/back --json
while read -r what other; do
	read -ra other <<<"$other"
	check "closed beside one $what" exits 0 berth project delete acme/back "${other[@]}"
	cancelled=$(cat /proc/sys/kernel/random/uuid)
	check '... and by itself' exits 0 berth project delete acme/back --id "$cancelled"
	check '... which is cancelled' exits 0 berth queue cancel "$cancelled"
	work
	check '... it is open' project_is back 'active 3'
	check '... and all is well' exits 0 berth doctor
done <<'END'
that_comes_too_late --expect-generation 1
that_comes_too_late,_in_its_grace --expect-generation 1 --grace 1h
END
check 'doctor finds nothing' exits 0 berth doctor

# --- hooks that fail ----------------------------------------------------------------------

new_project bad
berth -q pool create hooked --kind number --space hooked --release-hook bye --project acme/bad 1-9 >"$TMPDIR/made"
berth -q allocate hooked --project acme/bad --count 2 >"$TMPDIR/made"
berth -q allocate bad --project acme/bad --count 2 >"$TMPDIR/made"
touch "$hooks/bye.fails"
berth -q project delete acme/bad --id 55555555-5555-4555-8555-555555555555 >"$TMPDIR/made"
work
check 'it has failed' answers "concat_ws(' ', d->>'state', d->>'outcome', d->'progress')" 'done failed {"done": 4, "noop": 0, "total": 4, "failed": 2, "applied": 2, "rejected": 0, "cancelled": 0}' \
	berth queue show 55555555-5555-4555-8555-555555555555 --json
check '... with an explanation' prints '2 of 4 leases could not be released: 2 applied, 2 failed; the project is closed' berth queue show 55555555-5555-4555-8555-555555555555
check '... with those that failed' answers "jsonb_array_length(d->'failures')" 2 berth queue show 55555555-5555-4555-8555-555555555555 --json
check 'the project is closed' project_is bad 'deleting 2'
check '... and all is well' exits 0 berth doctor
sql "update berth.command set consumed_at = now() - interval '40 days' where id = '55555555-5555-4555-8555-555555555555'" >"$TMPDIR/made"
work
check '... also after a long time' exits 0 berth doctor
check '... the command is remembered' exits 0 berth queue show 55555555-5555-4555-8555-555555555555
rm "$hooks/bye.fails"
for stuck in $(sql "select id from berth.command where state = 'quarantined'"); do
	check 'the hook again' exits 0 berth queue retry "$stuck"
done
work
check '... its leases are gone' project_is bad 'deleting 0'
check '... but not the project, which the command says' equal 'done failed 0' \
	"$(sql "select state, outcome, failed from berth.command where id = '55555555-5555-4555-8555-555555555555'" | tr '|' ' ')"
check '... which is closed for a reason' exits 0 berth doctor
check 'deleted again' exits 0 berth project delete acme/bad
work
check '... it is gone' equal destroyed "$(state_of bad)"
new_project worse
berth -q pool create worse-hooked --kind number --space worse-hooked --release-hook bye --project acme/worse 1-9 >"$TMPDIR/made"
berth -q allocate worse-hooked --project acme/worse --count 2 >"$TMPDIR/made"
touch "$hooks/bye.fails"
berth -q project delete acme/worse >"$TMPDIR/made" && work
rm "$hooks/bye.fails"
check 'a second deletion releases failed leases again' exits 0 berth project delete acme/worse --id 66666666-6666-4666-8666-666666666666
work
check '... and gone' equal destroyed "$(state_of worse)"
check 'doctor finds nothing' exits 0 berth doctor

# One item is cancelled: the lease stays, and so does the project.
new_project item
berth -q pool create item-hooked --kind number --space item-hooked --release-hook bye --project acme/item 1-9 >"$TMPDIR/made"
berth -q allocate item-hooked --project acme/item --count 2 >"$TMPDIR/made"
berth -q project delete acme/item --id eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee >"$TMPDIR/made"
check 'a deletion waits for hooks' exits 0 berth worker --until-idle -q
check '... the release of a lease is cancelled' exits 0 berth queue cancel \
	"$(berth -q queue list --parent eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee --limit 1 --csv | tail -n 1 | cut -d, -f1)"
work
check '... which ends the deletion' answers "concat_ws(' ', d->>'state', d->>'outcome', d->'progress')" \
	'done failed {"done": 2, "noop": 0, "total": 2, "failed": 0, "applied": 1, "rejected": 0, "cancelled": 1}' berth queue show eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee --json
check '... and keeps the project' project_is item 'deleting 1'
check 'doctor finds nothing' exits 0 berth doctor
check 'deleted again' exits 0 berth project delete acme/item
work
check '... it is gone' equal destroyed "$(state_of item)"

# One item is rejected: the same.
new_project refused
berth -q pool create refused-hooked --kind number --space refused-hooked --release-hook bye --project acme/refused 1-9 >"$TMPDIR/made"
berth -q allocate refused-hooked --project acme/refused --count 2 >"$TMPDIR/made"
berth -q project delete acme/refused --id eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeef >"$TMPDIR/made"
check 'a deletion waits for hooks once more' exits 0 berth worker --until-idle -q
sql "update berth.command set expect_generation = 7 where id = (select id from berth.command
	where parent = 'eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeef' order by seq limit 1)" >"$TMPDIR/made"
work
check '... and ends when a lease of it was not released' answers "concat_ws(' ', d->>'state', d->>'outcome', d->>'explanation')" \
	'done failed 1 of 2 leases could not be released: 1 applied, 1 rejected; the project is closed, and not gone' \
	berth queue show eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeef --json
check 'doctor finds nothing' exits 0 berth doctor
check 'deleted again' exits 0 berth project delete acme/refused
work
check '... it is gone' equal destroyed "$(state_of refused)"

# A deletion that an error has stopped reports its progress.
new_project halted
berth -q pool create halted-hooked --kind number --space halted-hooked --release-hook bye --project acme/halted 1-9 >"$TMPDIR/made"
berth -q allocate halted-hooked --project acme/halted --count 2 >"$TMPDIR/made"
berth -q project delete acme/halted --id eeeeeeee-eeee-4eee-8eee-eeeeeeeeeef0 >"$TMPDIR/made"
check 'a deletion waits for hooks a third time' exits 0 berth worker --until-idle -q
sql "update berth.command set stopped = 'a bulk of planet' where id = 'eeeeeeee-eeee-4eee-8eee-eeeeeeeeeef0'" >"$TMPDIR/made"
work
check '... and ends with its error and its counts' answers "concat_ws(' ', d->>'state', d->>'outcome', d->>'explanation')" \
	'done failed 2 of 2 ended, 2 applied; it went no further: a bulk of planet: the project is closed, and not gone' \
	berth queue show eeeeeeee-eeee-4eee-8eee-eeeeeeeeeef0 --json
check 'deleted again' exits 0 berth project delete acme/halted
work
check '... it is gone' equal destroyed "$(state_of halted)"

# --- values that rest ------------------------------------------------------------------------

new_project rest
berth -q pool create resting --kind number --space resting --reuse-delay 1h --project acme/rest 1-9 >"$TMPDIR/made"
take resting 3 --project acme/rest
berth -q release "${leases[0]}" >"$TMPDIR/made" && work
berth -q project delete acme/rest --id 77777777-7777-4777-8777-777777777777 >"$TMPDIR/made"
check 'a worker ends' timeout 20 "$BERTH" worker --until-idle -q
check '... the deletion does not' answers "concat_ws(' ', d->>'state', d->'progress')" 'running {"done": 2, "noop": 0, "total": 2, "failed": 0, "applied": 2, "rejected": 0, "cancelled": 0}' \
	berth queue show 77777777-7777-4777-8777-777777777777 --json
check '... while values rest' project_is rest 'deleting 3'
sql 'update berth.lease set rest_until = now() where rest_until is not null' >"$TMPDIR/made"
work
check 'then it is gone' equal destroyed "$(state_of rest)"
check '... its place too' answers "d->'projects'" "$(sql "select count(*) from berth.project where state <> 'destroyed'")" berth org show acme --json
check 'doctor finds nothing' exits 0 berth doctor

# It waits for a lease whose own release is in progress; when that fails it releases the lease again.
hook slow <<'END'
#!/bin/sh
echo >>"$0.runs"
until [ -e "$0.go" ]; do sleep 0.05; done
[ "$(wc -l <"$0.runs")" -gt 1 ]
END
new_project late
berth -q pool create lately --kind number --space lately --release-hook slow --project acme/late 1-9 >"$TMPDIR/made"
take lately 1 --project acme/late
berth -q release "${leases[0]}" >"$TMPDIR/made"
working --attempts 1
check 'a release in progress' wait_for test -e "$hooks/slow.runs"
berth -q project delete acme/late --id 88888888-8888-4888-8888-888888888888 >"$TMPDIR/made"
waits_for_it() {
	[ "$(sql "select state || fanning from berth.command where id = '88888888-8888-4888-8888-888888888888' and watermark is null")" = runningfalse ]
}
check '... is waited for' wait_for waits_for_it
touch "$hooks/slow.go"
is_gone() {
	[ "$(state_of "$1")" = destroyed ]
}
check '... and repeated when it has failed' wait_for is_gone late
check '... by a second run' equal 2 "$(wc -l <"$hooks/slow.runs")"
worked

# Cancelled after its start: completed releases stay, and so does the rest.
rm "$hooks/slow.go" "$hooks/slow.runs"
new_project half --max-leases 9
berth -q pool create halfway --kind number --space halfway --release-hook slow --project acme/half 1-9 >"$TMPDIR/made"
berth -q allocate half --project acme/half --count 2 >"$TMPDIR/made" && berth -q allocate halfway --project acme/half >"$TMPDIR/made"
berth -q project delete acme/half --id bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb >"$TMPDIR/made"
working --attempts 2 --retry-base 1s
check 'one that has begun' wait_for test -e "$hooks/slow.runs"
has_released() {
	project_is half 'deleting 1'
}
check '... has released some' wait_for has_released
check '... and is cancelled' exits 0 berth queue cancel bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb
check '... it is open' project_is half 'active 1'
touch "$hooks/slow.go"
is_empty() {
	project_is half 'active 0'
}
check '... started releases end' wait_for is_empty
check '... for new leases in the remaining pools' exits 0 berth pool add half 30-40
check '... they are taken' exits 0 berth allocate half --project acme/half
worked
check 'doctor finds nothing' exits 0 berth doctor

# A lease that the deletion has broken is released again before the deletion ends.
echo >"$hooks/slow.runs"
rm "$hooks/slow.go"
new_project mended
berth -q pool create mended-slow --kind number --space mended-slow --release-hook slow --project acme/mended 1-9 >"$TMPDIR/made"
berth -q pool create mended-bad --kind number --space mended-bad --release-hook bye --project acme/mended 1-9 >"$TMPDIR/made"
touch "$hooks/bye.fails"
berth -q allocate mended-slow --project acme/mended >"$TMPDIR/made" && take mended-bad 1 --project acme/mended
berth -q project delete acme/mended --id ffffffff-ffff-4fff-8fff-ffffffffffff >"$TMPDIR/made"
working --attempts 1
lease_is() {
	[ "$(sql "select state from berth.lease where id = '${leases[0]}'")" = "$1" ]
}
check 'a lease that has failed' wait_for lease_is broken
rm "$hooks/bye.fails"
check '... is released by a user' exits 0 berth release "${leases[0]}"
check '... before the others' wait_for lease_is destroyed
touch "$hooks/slow.go"
check '... which does not keep the project' wait_for is_gone mended
check '... whose deletion is applied' answers "d->>'outcome'" applied berth queue show ffffffff-ffff-4fff-8fff-ffffffffffff --json
worked
check 'doctor finds nothing' exits 0 berth doctor

# --- chunks -------------------------------------------------------------------------------------

# Changed rows carry the number of their transaction. No transaction ends more leases than a chunk has.
new_project wide
berth -q pool create wider --kind number --space wider --project acme/wide 1-2000 >"$TMPDIR/made"
berth -q allocate wider --project acme/wide --count 1000 >"$TMPDIR/made"
berth -q project delete acme/wide >"$TMPDIR/made"
check 'in chunks' work --chunk 50
check '... it goes' equal destroyed "$(state_of wide)"
check '... with bounded chunks of leases' equal 't' "$(sql "select max(n) <= 50 and count(*) >= 20 from (
	select count(*) as n from berth.lease where pool = (select id from berth.pool where name = 'wider') group by xmin) t")"
check '... and children' equal 't' "$(sql "select max(n) <= 50 from (select count(*) as n from berth.command
	where parent is not null and created > now() - interval '1 hour' group by xmin) t")"

# --- once, also with another project of the name --------------------------------------------------

once=cccccccc-cccc-4ccc-8ccc-cccccccccccc
limited=dddddddd-dddd-4ddd-8ddd-dddddddddddd
limit_again() {
	answers "concat_ws(' ', d->>'id', d->'max_leases', d->'generation', d->'replayed')" "$limited_project 5 2 true" \
		berth project limit acme/named --max-leases 5 --id $limited --json
}
new_project named
berth -q project limit acme/named --max-leases 5 --id $limited >"$TMPDIR/made"
limited_project=$(sql "select id from berth.project where name = 'named'")
berth -q project delete acme/named --id $once >"$TMPDIR/made"
check 'a project is deleted' work
check '... deleted again by its request, also under --read-only' exits 0 berth project delete acme/named --id $once --read-only --json
check '... is gone once' equal 'done applied' "$(json "concat_ws(' ', d->>'state', d->>'outcome')")"
check '... its limit, set again by its request, is answered' limit_again
new_project named
check '... also with a new project of its name' limit_again
check '... the deletion too' exits 0 berth project delete acme/named --id $once
check '... which stays' project_is named 'active 0'
check 'doctor finds nothing' exits 0 berth doctor
