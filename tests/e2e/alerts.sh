#!/usr/bin/env bash
# Alerts: one ranked list of what needs a person, and nothing that does not.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
kinds="(select string_agg(e->>'kind', ' ' order by (e->>'rank')::int) from jsonb_array_elements(d) e)"
targets="(select string_agg(e->>'target', ' ' order by (e->>'rank')::int) from jsonb_array_elements(d) e)"

# alerts KINDS [TARGETS]: these and no other, the worst first
alerts() {
	run "$BERTH" alerts --json
	[ "$status" -eq "$([ -z "$1" ] && echo 0 || echo 1)" ] || tests_show 'exit by whether there is anything' || return 1
	equal "$1" "$(json "coalesce($kinds, '')")" && { [ $# -lt 2 ] || equal "$2" "$(json "coalesce($targets, '')")"; }
}
# told EXPRESSION EXPECTED: in the JSON of the last alerts
told() {
	run "$BERTH" alerts --json
	equal "$2" "$(json "$1")"
}
# over POOL: the leases of the pool ended an hour ago
over() {
	sql "update berth.lease l set until = now() - interval '1 hour' from berth.pool p where p.id = l.pool and p.name = '$1'" >"$TMPDIR/over"
}

berth -q pool create web --kind number 1-4 >"$TMPDIR/made"
berth -q pool create spare --kind number 101-104 >"$TMPDIR/made"
check 'nothing needs a person' alerts ''
check '... as a table' exits 0 berth alerts

# --- pools -------------------------------------------------------------------

take web 3
check 'an almost full pool is none' alerts ''
take web 1
check 'a full one' alerts full pool/web
check '... since its last value was taken' told "(d->0->>'since')::timestamptz between now() - interval '5 minutes' and now()" t
check '... is critical and has a hint' told "concat_ws(' ', d->0->>'severity', d->0->>'hint')" \
	'critical berth pool show web tells who holds the values'
berth -q allocate web --wait=0s >"$TMPDIR/waits"
check 'with a waiter it is worse' alerts full_waiting pool/web
check '... and counts them' told "d->0->>'text'" 'web: nothing free, 1 request waits'

take spare 4
check 'another one comes after it' alerts 'full_waiting full' 'pool/web pool/spare'
check 'one at most' exits 1 berth alerts --limit 1
for range in 101-104; do
	berth -q resource cordon spare/$range >"$TMPDIR/cordoned"
done
work
check 'a pool that is cordoned on purpose is none' alerts full_waiting pool/web

# --- the queue ---------------------------------------------------------------

berth -q release "${leases[0]}" >"$TMPDIR/queued"
check 'work is due, and no worker is alive: the worst' alerts 'no_worker full_waiting' 'queue pool/web'
check '... says how much waits' told "d->0->>'text'" 'no worker is alive: 1 command waits'
work
check 'once it is done there is none' alerts full_waiting pool/web
over web
check 'leases that are over, without a worker' alerts 'no_worker overdue full_waiting' 'queue pool/web pool/web'
check '... are counted' told "d->1->>'text'" 'web: 4 leases are over and keep their values'
work
check 'a worker releases them' alerts ''

berth -q pool create hooked --kind number 201-220 --release-hook bye >"$TMPDIR/made"
hook bye <<'END'
#!/bin/sh
echo 'the switch is off' >&2
exit 1
END
take hooked 3
for lease in "${leases[@]}"; do
	berth -q release "$lease" >"$TMPDIR/queued"
done
work
check 'commands that are stuck for one cause are one alert' alerts stuck pool/hooked
check '... with their number and the cause' told "(d->0->>'count') || ': ' || (d->0->>'text' like 'hooked: 3 commands are stuck (release): %the switch is off%')" \
	'3: true'
stuck=$(sql "select id from berth.command where state = 'quarantined' order by seq limit 1")
for id in $(sql "select id from berth.command where state = 'quarantined' and id <> '$stuck'"); do
	berth -q queue force "$id" >"$TMPDIR/forced"
done
work
check 'one alone is named' alerts stuck "command/$stuck"
berth -q queue force "$stuck" >"$TMPDIR/forced"
work
check 'forced, it is gone' alerts ''

# --- limits and drains -------------------------------------------------------

berth -q org create acme --max-projects 1 >"$TMPDIR/made"
check 'an organization below its limit is none' alerts ''
berth -q project create acme/web --max-leases 2 >"$TMPDIR/made"
check 'one that has reached it' alerts limit org/acme
berth -q org limit acme --max-projects 5 >"$TMPDIR/made"
take web 2 --project acme/web
check 'a project that has reached its limit' alerts limit project/acme/web
berth -q project limit acme/web --max-leases none >"$TMPDIR/made"
check 'without a limit it is none' alerts ''

bulk=$(berth -q release resource/web/1-4 --yes --grace 1h --json | tr ',' '\n' | sed -n 's/{"id":"\(.*\)"/\1/p')
check 'a drain that is about to begin is none' alerts ''
sql "update berth.command set not_before = now() where id = '$bulk'" >"$TMPDIR/now"
sql "update berth.pool set release_hook = 'bye' where name = 'web'" >"$TMPDIR/now"
work
check 'a drain that a hook has stopped' alerts 'stuck drain' "pool/web resource/$(sql "select r.id from berth.resource r join berth.pool p on p.id = r.pool where p.name = 'web'")"

# --- tables ------------------------------------------------------------------

for id in $(sql "select id from berth.command where state = 'quarantined'"); do
	berth -q queue force "$id" >"$TMPDIR/forced"
done
work
sql "create table public.tags (id int primary key, owner text not null, tag text not null);
	insert into public.tags select i, 'a', 'b' from generate_series(1, 3) i" >"$TMPDIR/table"
check 'duplicates that berth does not know are none' alerts ''
run "$BERTH" dedupe fix --table public.tags --key owner,tag --json
fixed=$(json "d->>'run'")
check 'a run that has ended is none' alerts ''
run "$BERTH" dedupe undo "$fixed"
check 'one that was undone: the duplicates are back' alerts duplicates "run/$fixed"
run "$BERTH" dedupe fix --table public.tags --key owner,tag --json
fixed=$(json "d->>'run'")
check 'fixed again, there is none' alerts ''
sql "update pg_index set indisvalid = false where indexrelid = (select conindid from pg_constraint where conrelid = 'public.tags'::regclass and contype = 'u')" >"$TMPDIR/index"
check 'an index that is not valid' alerts invalid_index
sql "update pg_index set indisvalid = true where indrelid = 'public.tags'::regclass" >"$TMPDIR/index"
sql "update berth.dedupe_run set state = 'running', phase = 'find', finished = null, pid = 1 where id = '$fixed'" >"$TMPDIR/run"
check 'a run that nobody works on' alerts guard
sql "update berth.dedupe_run set state = 'done', finished = now()" >"$TMPDIR/run"

# --- invariants --------------------------------------------------------------

lease=$(sql "select l.id from berth.lease l join berth.pool p on p.id = l.pool where p.name = 'spare' and l.state = 'active' limit 1")
sql "update berth.lease set state = 'broken' where id = '$lease'; update berth.inspection set due = now()" >"$TMPDIR/broken"
work
check 'a broken invariant, which a worker has found' alerts invariant "lease/$lease"
check '... says which' told "d->0->>'text'" "spare: broken_has_a_reason is broken: lease $lease"
check '... doctor says the same' exits 1 berth doctor
sql "update berth.lease set state = 'active' where id = '$lease'; update berth.inspection set due = now()" >"$TMPDIR/mended"
work
check 'mended, it is gone' alerts ''

# --- the console -------------------------------------------------------------

take web 1 >/dev/null 2>&1
berth -q pool create edge --kind number 301-302 >"$TMPDIR/made"
take edge 2
check 'the screen as text' prints 'edge: nothing free' berth --once alerts
check '... in lines' prints 'FULL: edge: nothing free, for ' berth --once alerts --linear

# --- since when a pool is full ----------------------------------------------

# since POOL: the `since` of the alert about it, or what happened to it at that time
since() {
	sql "select string_agg(e.action, ' ') from berth.alerts(null) a join berth.pool p on a.target = 'pool/' || p.name
		left join berth.event e on e.at = a.since and (e.target = p.id or e.target in (select id from berth.resource r where r.pool = p.id))
		where p.name = '$1' and a.kind = 'full'"
}
berth -q pool create cut --kind number --space cut 1-4 11-14 21-24 >"$TMPDIR/made"
take cut 4
berth -q pool exclude cut 11-14 >"$TMPDIR/excluded"
check 'a pool with free values elsewhere is none' equal '' "$(since cut)"
berth -q pool remove cut 21-24 >"$TMPDIR/removed"
check 'a pool whose last free values are removed is full since then' equal remove "$(since cut)"
berth -q pool add cut 21-24 >"$TMPDIR/added"
berth -q pool remove cut 11-14 >"$TMPDIR/removed"
berth -q pool exclude cut 21-24 >"$TMPDIR/excluded"
check '... or excluded' equal exclude "$(since cut)"
berth -q pool include cut 21-24 >"$TMPDIR/included"
berth -q resource cordon cut/21-24 >"$TMPDIR/cordoned"
work
check '... or cordoned' equal cordon "$(since cut)"
berth -q resource uncordon cut/21-24 >"$TMPDIR/uncordoned"
work
take cut 4
check 'a value that is taken after that counts' equal "$(sql "select max(acquired) from berth.lease l join berth.pool p on p.id = l.pool where p.name = 'cut'")" \
	"$(sql "select since from berth.alerts(null) where target = 'pool/cut'")"
