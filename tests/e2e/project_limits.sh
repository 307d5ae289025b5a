#!/usr/bin/env bash
# Limits of organizations and projects: kept under concurrent requests, and returned exactly once.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh
. tests/lib/workers.sh

new_database
berth -q pool create all --kind number 1-10000 >"$TMPDIR/made"
leases_of() {
	berth project show "$1" --json | sed 's/.*"leases":\([0-9]*\).*/\1/'
}
projects_of() {
	berth org show "$1" --json | sed 's/.*"projects":\([0-9]*\).*/\1/'
}
# at_once N CMD...: runs N of them concurrently, {} being the number; prints how many had each exit code, "10*0
# 6*6"
at_once() {
	local n=$1 pids=() codes=() i code
	shift
	for ((i = 1; i <= n; i++)); do
		"${@//\{\}/$i}" >"$TMPDIR/once.$i" 2>&1 &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		code=0
		wait "$pid" || code=$?
		codes+=("$code")
	done
	printf '%s\n' "${codes[@]}" | sort -n | uniq -c | awk '{ print $1 "*" $2 }' | paste -sd' '
}

# --- an organization ---------------------------------------------------------------

berth -q org create ten --max-projects 10 >"$TMPDIR/made"
id=11111111-1111-4111-8111-111111111111
check '16 at once, 10 are allowed' equal '10*0 6*6' "$(at_once 16 "$BERTH" -q project create ten/p{} --json --space s{} --pool p{}=1-9)"
check '... so many exist' equal '10 10' "$(projects_of ten) $(berth project list ten --csv | tail -n +2 | wc -l)"
check '... with a pool each' equal 10 "$(sql 'select count(*) from berth.pool where project is not null')"
check '... another one is refused' refuses limit_exceeded berth project create ten/more
check '... at its step' equal 'organization limit' "$(fault "d->'error'->>'step'")"
check '... with its numbers' equal '{"used": 10, "asked": 1, "limit": 10, "earlier": 0, "organization": "ten"}' "$(fault "d->'error'->'detail'")"
check 'one more is allowed' exits 0 berth org limit ten --max-projects 11
check '... once, by 16 with one id' equal '16*0' "$(at_once 16 "$BERTH" -q project create ten/last --json --id $id)"
check '... the others get a replay' equal 15 "$(cat "$TMPDIR"/once.* | grep -c '"replayed":true')"
check '... so many exist' equal 11 "$(projects_of ten)"
check 'at the limit it is replayed' answers "d->'replayed'" true berth project create ten/last --json --id $id
check 'a limit below the count' answers "concat_ws(' ', d->'max_projects', d->'projects')" '3 11' berth org limit ten --max-projects 3 --json
check '... refuses new ones only' refuses limit_exceeded berth project create ten/more
check '... and replays are answered' answers "d->'replayed'" true berth project create ten/last --json --id $id
berth -q project delete "ten/$(sql "select name from berth.project where name like 'p%' limit 1")" >"$TMPDIR/made" && berth -q project delete ten/last >"$TMPDIR/made" && work
gone=$(berth project list ten --csv | tail -n +2 | wc -l)
check '... until enough are gone' equal "$gone" "$(projects_of ten)"
check '... not enough are gone yet' refuses limit_exceeded berth project create ten/more
check 'none removes the limit' exits 0 berth org limit ten --max-projects none
check '... for all requests' equal '16*0' "$(at_once 16 "$BERTH" -q project create ten/q{})"
check '... which are counted' equal $((gone + 16)) "$(projects_of ten)"
check 'one name for 16' equal '1*0 15*5' "$(at_once 16 "$BERTH" -q project create ten/one)"
check 'doctor finds nothing' exits 0 berth doctor

# --- a project -----------------------------------------------------------------------

berth -q org create acme >"$TMPDIR/made"
berth -q project create acme/seven --max-leases 7 --space seven --pool own=1-100 >"$TMPDIR/made"
check '16 at once, 7 are allowed' equal '7*0 9*6' "$(at_once 16 "$BERTH" -q allocate all --project acme/seven)"
check '... so many exist' equal '7 7' "$(leases_of acme/seven) $(berth lease list --project acme/seven --csv | tail -n +2 | wc -l)"
check '... another one is refused' refuses quota_exceeded berth allocate own --project acme/seven
check '... with its numbers' equal '{"used": 7, "asked": 1, "limit": 7, "earlier": 0, "project": "acme/seven"}' "$(fault "d->'error'->'detail'")"
check '... also by value' refuses quota_exceeded berth allocate own --project acme/seven --value 7
check '... also several leases' refuses quota_exceeded berth allocate own --project acme/seven --count 3
check '... also with --wait' refuses quota_exceeded berth allocate own --project acme/seven --wait=0s
check '... and nothing is left in the pool' answers "concat_ws(' ', d->'used', d->'pending')" '0 0' berth pool show own --json
check 'two more' exits 0 berth project limit acme/seven --max-leases 9
check '... all or none' refuses quota_exceeded berth allocate own --project acme/seven --count 3
lease=22222222-2222-4222-8222-222222222222
check 'one by 16 with one id' equal '16*0' "$(at_once 16 "$BERTH" -q allocate own --project acme/seven --id $lease)"
check '... is one' equal 8 "$(leases_of acme/seven)"
check 'up to the limit' exits 0 berth allocate own --project acme/seven
check '... it is answered again' answers "d->'replayed'" true berth allocate own --project acme/seven --id $lease --json
check '... and no more' refuses quota_exceeded berth allocate own --project acme/seven
check '16 releases at once' equal '16*0' "$(at_once 16 "$BERTH" -q release $lease)"
working --name a && first=$worker && working --name b
check '... by two workers' asks "select count(*) from berth.command where state <> 'done'" 0
worked && worker=$first && worked
check '... give back one' equal 8 "$(leases_of acme/seven)"
check '... which is taken by one of 16' equal '1*0 15*6' "$(at_once 16 "$BERTH" -q allocate all --project acme/seven)"
check 'a limit below the count' answers "concat_ws(' ', d->'max_leases', d->'leases')" '2 9' berth project limit acme/seven --max-leases 2 --json
check '... refuses new ones only' refuses quota_exceeded berth allocate own --project acme/seven
check '... the others stay' equal 9 "$(leases_of acme/seven)"
check 'none removes the limit' answers "concat_ws(' ', d->'max_leases', d->'leases')" 'null 9' berth project limit acme/seven --max-leases none --json
check '... for all requests' equal '16*0' "$(at_once 16 "$BERTH" -q allocate own --project acme/seven)"
check '... which are counted' equal 25 "$(leases_of acme/seven)"
check 'the first limit counts what is there' answers "concat_ws(' ', d->'max_leases', d->'leases')" '30 25' \
	berth project limit acme/seven --max-leases 30 --json
check '... five are left' equal '5*0 11*6' "$(at_once 16 "$BERTH" -q allocate own --project acme/seven)"
check 'doctor finds nothing' exits 0 berth doctor

# Waiting and resting leases count.
berth -q project create acme/slow --max-leases 3 --space slow --pool line=1 >"$TMPDIR/made"
berth -q pool create rest --kind number --space rest --reuse-delay 1h --project acme/slow 1-9 >"$TMPDIR/made"
check 'one that has a value' exits 0 berth allocate line --project acme/slow
check 'one that waits' exits 0 berth allocate line --project acme/slow --wait=0s --id 33333333-3333-4333-8333-333333333333
check 'one that rests' exits 0 berth allocate rest --project acme/slow --id 44444444-4444-4444-8444-444444444444
berth -q release 44444444-4444-4444-8444-444444444444 >"$TMPDIR/made" && work
check '... all count' equal '3 released' "$(leases_of acme/slow) $(sql "select state from berth.lease where id = '44444444-4444-4444-8444-444444444444'")"
check '... so there are no more' refuses quota_exceeded berth allocate rest --project acme/slow
berth -q release 33333333-3333-4333-8333-333333333333 >"$TMPDIR/made" && work
check 'one leaves the line' equal 2 "$(leases_of acme/slow)"
sql "update berth.lease set rest_until = now() where id = '44444444-4444-4444-8444-444444444444'" >"$TMPDIR/made" && work
check 'the rest is over' equal 1 "$(leases_of acme/slow)"
check 'doctor finds nothing' exits 0 berth doctor

# Killed workers return exactly what they should.
berth -q project create acme/many --max-leases 400 >"$TMPDIR/made"
berth -q allocate all --project acme/many --count 400 >"$TMPDIR/made"
berth -q release project/acme/many --yes >"$TMPDIR/made"
for round in {1..6}; do
	worker_start "killed$round" --chunk 7 -q
	wait_for workers_asks "select count(*) < 400 - $round * 50 from berth.lease where project = (select id from berth.project where name = 'many') and state <> 'destroyed'" t
	kill -KILL "$(worker_pid "killed$round")"
	worker_ends 137 "killed$round" >"$TMPDIR/made"
	# In one snapshot: the server may still be at the last chunk.
	check "killed $round times: what it has is what is counted" equal t "$(sql "select leases = (select count(*) from berth.lease l
		where l.project = p.id and l.state <> 'destroyed') from berth.project p where name = 'many'")"
done
work
check '... and all of them in the end' equal 0 "$(leases_of acme/many)"
check '... each released once' equal 400 "$(sql "select count(*) from berth.event e join berth.lease l on l.id = e.target
	where e.action = 'destroy' and l.project = (select id from berth.project where name = 'many')")"
check '... so that as many are allowed again' exits 0 berth allocate all --project acme/many --count 400
check 'doctor finds nothing' exits 0 berth doctor
