#!/usr/bin/env bash
# Parts of ranges are taken out of a pool: what is left stays as it was, and what is in use is named.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
names="(select string_agg(e->>'name', ' ' order by n) from jsonb_array_elements(d) with ordinality l (e, n))"
berth -q pool create web --kind ipv4 10.9.0.0/24 10.9.1.0/24 --reuse-delay 1h >"$TMPDIR/made"
low=11111111-1111-4111-8111-111111111111
high=21111111-1111-4111-8111-111111111111
rests=31111111-1111-4111-8111-111111111111
past=41111111-1111-4111-8111-111111111111
berth -q allocate web --id $low --value 10.9.0.7 --holder web-1 --label a=b >"$TMPDIR/made"
berth -q allocate web --id $high --value 10.9.0.200 --holder web-2 >"$TMPDIR/made"
berth -q allocate web --id $rests --value 10.9.0.201 --holder web-3 >"$TMPDIR/made"
berth -q allocate web --id $past --value 10.9.0.80 --holder old >"$TMPDIR/made"
berth -q label resource/web/10.9.0.0/24 rack=r7 >"$TMPDIR/made"
berth -q annotate resource/web/10.9.0.0/24 note='top of rack' >"$TMPDIR/made"
berth -q release $rests >"$TMPDIR/made"
check 'a value rests' work
berth -q pool set web --reuse-delay none >"$TMPDIR/made"
berth -q release $past >"$TMPDIR/made"
check 'another is free again' work
then=$(psql -XqAt -c "select to_char((released - interval '1 microsecond') at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')
	from berth.lease where id = '$past'")

# --- refused ------------------------------------------------------------------

check 'a part in use' complains 5 'range 10.9.0.0/28 of pool web has leases: 10.9.0.7 ("web-1")' berth pool remove web 10.9.0.0/28
check '... one that rests is in use' complains 5 '10.9.0.200 ("web-2"), 10.9.0.201 ("web-3")' berth pool remove web 10.9.0.192-10.9.1.9
check '... as an error with details' refuses in_use berth pool remove web 10.9.0.7
check '... which name value and holder' equal '10.9.0.7 web-1' \
	"$(fault "concat_ws(' ', d->'error'->'detail'->'leases'->0->>'value', d->'error'->'detail'->'leases'->0->>'holder')")"
check 'values that the pool has not' complains 4 'value 10.9.2.0 of range 10.9.1.250-10.9.2.3 is in no live resource of pool web' \
	berth pool remove web 10.9.1.250-10.9.2.3
check 'none of them' complains 4 'pool web has no live resource 10.10.0.0/24' berth pool remove web 10.10.0.0/24
check 'another kind' refuses not_found berth pool remove web 1-9
check 'nothing was changed' answers "$names" '10.9.0.0/24 10.9.1.0/24' berth resource list web --json

# --- a part -------------------------------------------------------------------

check 'a dry run shows what would be left' answers "$names" '10.9.0.0/26 10.9.0.96-10.9.0.255' \
	berth pool remove web 10.9.0.64-10.9.0.95 -n --json
check '... and leaves all' answers "$names" '10.9.0.0/24 10.9.1.0/24' berth resource list web --json
check 'a part in the middle' answers \
	"(select string_agg(concat_ws(' ', e->>'name', e->'capacity', e->'used', e->'held_back', e->'free', e->'labels'->>'rack'), ', ')
		from jsonb_array_elements(d) e)" \
	'10.9.0.0/26 64 1 0 63 r7, 10.9.0.96-10.9.0.255 160 1 1 158 r7' \
	berth pool remove web 10.9.0.64-10.9.0.95 --id 51111111-1111-4111-8111-111111111111 --json
check '... once by its id' answers "concat_ws(' ', d->0->'replayed', $names)" 'true 10.9.0.0/26 10.9.0.96-10.9.0.255' \
	berth pool remove web 10.9.0.64-10.9.0.95 --id 51111111-1111-4111-8111-111111111111 --json
check '... again it is not there' refuses not_found berth pool remove web 10.9.0.64-10.9.0.95
check '... annotations stay on each part' answers "d->>'note'" 'top of rack' \
	berth annotate list resource/web/10.9.0.96-10.9.0.255 --json
check '... the pool is smaller' answers "concat_ws(' ', d->'capacity', d->'used', d->'held_back', d->'free')" '480 2 1 477' \
	berth pool show web --json
check '... a value of it cannot be had' complains 2 'value 10.9.0.64 is in no live resource of pool web' \
	berth allocate web --value 10.9.0.64
check '... one beside it can' exits 0 berth allocate web --value 10.9.0.96
check '... leases are as they were' answers "concat_ws(' ', d->>'state', d->>'value', d->'generation', d->'labels'->>'a')" \
	'active 10.9.0.7 1 b' berth lease show $low --json
for lease in $low $high $rests; do
	resource=$(berth lease show $lease --json | grep -oE '"resource":"[^"]+' | cut -d'"' -f4)
	check '... each in a live resource' answers "d->>'state'" active berth resource show "$resource" --json
done
check '... a replay finds it by its value' answers "d->'replayed'" true berth allocate web --id $high --value 10.9.0.200 --json
check '... who held a value that is gone is remembered' answers "d->0->>'holder'" old \
	berth lease list --value 10.9.0.80 --at "$then" --json
check '... the range that is gone is shown' answers "concat_ws(' ', d->>'state', d->>'capacity')" 'destroyed 32' \
	berth resource show web/10.9.0.64/27 --json
check 'the events tell before and after' answers \
	"(select string_agg(concat_ws(' ', e->>'action', e->'before'->>'name', e->'after'->>'name', e->'after'->>'state'), ', ' order by n)
		from jsonb_array_elements(d) with ordinality l (e, n) where e->>'actor' = current_user and e->>'target' like 'resource/%'
		and e->>'action' in ('remove', 'create') and n > 3)" \
	'remove 10.9.0.0/24 10.9.0.0/26 active, remove 10.9.0.0/24 10.9.0.64/27 destroyed, create 10.9.0.96-10.9.0.255 active' \
	berth events --json
check 'its place can be used again' exits 0 berth pool create new --kind ipv4 10.9.0.64/27
check 'across two resources, and the end of a third part' answers "$names" \
	'10.9.0.96-10.9.0.249 10.9.1.4-10.9.1.255' berth pool remove web 10.9.0.250-10.9.1.3 --json
check 'the start of a range' answers "$names" '10.9.1.5-10.9.1.255' berth pool remove web 10.9.1.4 --json
check 'the whole of one leaves nothing' answers d '[]' berth pool remove web 10.9.1.5-10.9.1.255 --json
check '... as a table' prints 'POOL' berth pool remove new 10.9.0.64/27
check 'the released value is free where it is now' exits 0 berth release $high
check '... a worker applies it' work
check '... there' answers "concat_ws(' ', d->0->>'state', d->0->>'first', d->0->>'last')" 'free 10.9.0.200 10.9.0.200' \
	berth pool find 10.9.0.200 --json
sql "update berth.lease set rest_until = now() where rest_until is not null" >"$TMPDIR/rested"
check 'a rest ends' work
check '... in its part' answers "d->0->>'state'" free berth pool find 10.9.0.201 --json

# --- cordons, drains, other kinds ---------------------------------------------

check 'a part is cordoned' exits 0 berth resource cordon web/10.9.0.0/26
check '... a worker applies it' work
check '... both parts of it stay so' answers "(select string_agg(e->>'cordoned', ' ') from jsonb_array_elements(d) e)" 'true true' \
	berth pool remove web 10.9.0.32 --json
check '... no value of it is given' refuses conflict berth allocate web --value 10.9.0.33
berth -q pool create drained --kind number --space d 1-100 >"$TMPDIR/made"
take drained 3
berth -q pool set drained --reuse-delay 1h >"$TMPDIR/made"
check 'a resource is drained' exits 0 berth resource release drained/1-100
check '... its values rest' work
check '... it is not cut' complains 5 'resource 1-100 of pool drained is being drained, which removes it' \
	berth pool remove drained 50-60
sql "update berth.lease set rest_until = now() where rest_until is not null" >"$TMPDIR/rested"
check '... the drain goes on' work
check '... to its end' answers d '[]' berth resource list drained --json

berth -q pool create world --kind ipv6 ::/0 >"$TMPDIR/made"
berth -q allocate world --value fd00::1 >"$TMPDIR/made"
check 'a part of all of IPv6, exactly' answers "concat_ws(' ', d->0->>'name', d->0->>'capacity')" \
	'::-fd00::1 336294682933583715844663186250927177730' \
	berth pool remove world fd00::2-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --json
berth -q pool create vlans --kind number --space v 100-4094 >"$TMPDIR/made"
check 'numbers' answers "$names" '100-999 2000-4094' berth pool remove vlans 1000-1999 --json
check 'one number' answers "$names" '100-499 501-999' berth pool remove vlans 500 --json
berth -q pool create rack --kind host host1:4 >"$TMPDIR/made"
check 'slots of a host are not cut' complains 4 'host1 has 4 slots: berth pool remove rack host1:4' berth pool remove rack host1
check '... nor by their number' refuses not_found berth pool remove rack host1:2
check 'a host as a whole' answers d '[]' berth pool remove rack host1:4 --json
printf 'pool remove vlans 100-199\nallocate vlans --value 200\n' >"$TMPDIR/lines"
check 'in a batch' answers "d->0->0->>'name'" 200-499 berth batch "$TMPDIR/lines" --json
check 'the doctor finds nothing' answers "d->'ok'" true berth doctor --json
