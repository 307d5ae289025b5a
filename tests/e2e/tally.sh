#!/usr/bin/env bash
# The outcomes of a bulk's items, counted apart: in its progress, in messages, and by the exit code of a waiting
# client.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
berth -q pool create hooked --kind number --space hooked --release-hook bye 1-99 >"$TMPDIR/made"
hook bye <<'END_OF_HOOK'
#!/bin/sh
[ ! -e "$0.fails" ] || [ "$3" != "$(cat "$0.fails")" ]
END_OF_HOOK

bulk=11111111-1111-4111-8111-111111111111
ways="concat_ws(' ', d->>'outcome', d->'progress'->'done', d->'progress'->'total', d->'progress'->'applied', d->'progress'->'noop',
	d->'progress'->'rejected', d->'progress'->'failed', d->'progress'->'cancelled')"
# The item of a bulk that concerns a lease.
item() {
	sql "select id from berth.command where parent = '$bulk' and target = '$1'"
}
# A bulk of the leases, whose items wait for a worker with hooks.
begun() {
	berth -q release "${leases[@]}" --yes --id "$bulk" >"$TMPDIR/made" && berth worker --until-idle -q >"$TMPDIR/out"
}
# One item comes too late: its lease has another generation than the sender of the bulk has seen.
too_late() {
	sql "update berth.command set expect_generation = 7 where id = '$(item "$1")'" >"$TMPDIR/made"
}

# --- one of each ------------------------------------------------------------------

take hooked 5
check 'a lease that is released before' exits 0 berth release "${leases[0]}"
work
check 'a bulk under way' begun
check '... has a no-op' answers "$ways" '1 5 0 1 0 0 0' berth queue show $bulk --json
check '... which is shown' prints '1/5, 1 no-op' berth queue show $bulk
check '... and listed' prints '1/5, 1 no-op' berth queue list
check 'one is cancelled' exits 0 berth queue cancel "$(item "${leases[1]}")"
check 'one comes too late' too_late "${leases[2]}"
sql "select value from berth.lease_view where id = '${leases[3]}'" >"$hooks/bye.fails"
work
check 'each is counted apart' answers "$ways" 'failed 5 5 1 1 1 1 1' berth queue show $bulk --json
check '... and doctor finds nothing' exits 0 berth doctor
check '... as a message' equal '5 of 5 ended, 1 applied, 1 no-op, 1 rejected, 1 failed, 1 cancelled' "$(berth -q queue show $bulk --json >"$TMPDIR/stdout" && json "d->>'explanation'")"
check '... as a table' prints '5/5, 1 applied, 1 no-op, 1 rejected, 1 failed, 1 cancelled' berth queue show $bulk
check '... in a list' prints '5/5, 1 applied, 1 no-op, 1 rejected, 1 failed, 1 cancelled' berth queue list --all
check '... also by the states of the leases' equal 'active active broken destroyed destroyed' "$(sql "select string_agg(state, ' ' order by state)
	from berth.lease where id = any ('{$(IFS=, && echo "${leases[*]}")}')")"
rm "$hooks/bye.fails"
check 'the one that failed is forced' exits 0 berth queue force "$(item "${leases[3]}")"
work
check '... and counts as applied' answers "$ways" 'applied 5 5 2 1 1 0 1' berth queue show $bulk --json
check '... and doctor finds nothing' exits 0 berth doctor

# --- waiting clients ------------------------------------------------------------------

waits() {
	run berth release "${leases[@]}" --yes --id "$bulk" --wait "$@"
}
bulk=22222222-2222-4222-8222-222222222222
take hooked 2
berth -q release "${leases[0]}" >"$TMPDIR/made"
work
check 'an item is a no-op' begun
working
waits --json
check '... exit 0' equal '0 applied 2 2 1 1 0 0 0' "$status $(json "$ways")"
check '... without a message' equal "$stderr" "${stderr/not all/}"
check 'the worker ends' worked

bulk=33333333-3333-4333-8333-333333333333
take hooked 2
check 'one is rejected' begun
too_late "${leases[1]}"
working
waits --json
check '... exit 1' equal '1 applied 2 2 1 0 1 0 0' "$status $(json "$ways")"
check '... as a message' equal 'berth: not everything was applied: 2 of 2 ended, 1 applied, 1 rejected' "${stderr##*$'\n'}"
check 'the worker ends' worked

bulk=44444444-4444-4444-8444-444444444444
take hooked 2
check 'one is cancelled' begun
berth -q queue cancel "$(item "${leases[1]}")" >"$TMPDIR/made"
working
waits
check '... exit 1 as well' equal 1 "$status"
check '... as a message' equal 'berth: not everything was applied: 2 of 2 ended, 1 applied, 1 cancelled' "${stderr##*$'\n'}"
check 'the worker ends' worked

# --- failed items that were made good -----------------------------------------------

hook bye <<'END_OF_HOOK'
#!/bin/sh
[ -e "$0.works" ]
END_OF_HOOK
bulk=66666666-6666-4666-8666-666666666666
take hooked 5
check 'a bulk whose hooks fail' begun
work
failures="concat_ws(' ', d->'progress'->'applied', d->'progress'->'failed', jsonb_array_length(d->'failures'))"
check '... lists all of them' answers "$failures" '0 5 5' berth queue show $bulk --json
check 'one is forced' exits 0 berth queue force "$(item "${leases[0]}")" --reason gone
check 'one is skipped' exits 0 berth queue skip "$(item "${leases[1]}")"
work
check '... which no longer count as failures' answers "$failures" '2 3 3' berth queue show $bulk --json
check '... and are not listed' equal '' "$(json "(select string_agg(f->>'id', ' ') from jsonb_array_elements(d->'failures') f
	where f->>'id' in ('$(item "${leases[0]}")', '$(item "${leases[1]}")'))")"
touch "$hooks/bye.works"
check 'one is retried' exits 0 berth queue retry "$(item "${leases[2]}")"
work
rm "$hooks/bye.works"
check '... and no longer counts as a failure' answers "$failures" '3 2 2' berth queue show $bulk --json
check 'a retry fails again' exits 0 berth queue retry "$(item "${leases[3]}")"
check 'one is released again' exits 0 berth release "${leases[4]}"
work
check '... which stay failures' answers "$failures" '3 2 2' berth queue show $bulk --json
check '... with the reason' equal 'failed retried by x; failed superseded by command x' "$(json "(select string_agg(concat(f->>'outcome', ' ',
	regexp_replace(f->>'explanation', ' [^ ]*$', ' x'), f->>'made_good_by'), '; ' order by f->>'explanation')
	from jsonb_array_elements(d->'failures') f)")"
check 'items name the command that made them good' answers "(select string_agg(c->>'explanation' || ': ' || (c->>'outcome'), '; '
	order by c->>'explanation') from jsonb_array_elements(d) c where c->>'made_good_by' is not null)" \
	"forced by $(sql 'select session_user'): gone: failed; retried by $(sql 'select session_user'): failed; skipped by $(sql 'select session_user'): failed" \
	berth queue list --parent $bulk --json
check '... which was applied' equal 'force applied; retry applied; skip applied' "$(sql "select string_agg(k.action || ' ' || k.outcome, '; ' order by k.action)
	from berth.command_view c join berth.command k on k.id = c.made_good_by where c.parent = '$bulk'")"
check 'the rest is skipped' exits 0 sh -c '"$0" queue list --state quarantined --csv | tail -n +2 | cut -d, -f1 | while read -r id; do
	"$0" queue skip "$id" >/dev/null || exit; done' "$BERTH"
work
check '... one of them for its item' answers "$failures" '4 1 1' berth queue show $bulk --json
check 'doctor finds nothing' exits 0 berth doctor

# --- a worker that is killed -------------------------------------------------------

hook bye <<'END_OF_HOOK'
#!/bin/sh
[ -e "$0.go" ] || { : >"$0.begun"; while [ ! -e "$0.go" ]; do sleep 0.05; done; }
END_OF_HOOK
bulk=55555555-5555-4555-8555-555555555555
take hooked 3
check 'a bulk' exits 0 berth release "${leases[@]}" --yes --id $bulk
working --name first
check '... whose hooks run' wait_for test -e "$hooks/bye.begun"
check '... on a worker that is killed' kill -KILL "$worker"
wait "$worker" 2>"$TMPDIR/killed"
touch "$hooks/bye.go"
sql "update berth.worker set heartbeat = now() - interval '1 hour' where name = 'first'" >"$TMPDIR/made"
check 'another worker continues' exits 0 berth worker --until-idle --hooks "$hooks" --attempts 3 -q
check '... and each is counted once' answers "$ways" 'applied 3 3 3 0 0 0 0' berth queue show $bulk --json
check 'doctor finds nothing' exits 0 berth doctor
