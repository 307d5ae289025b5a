#!/usr/bin/env bash
# The queue: lists, cancelling, stuck commands, workers, figures.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
nobody=99999999-9999-4999-8999-999999999999
berth -q pool create web --kind ipv4 10.0.0.0/26 >"$TMPDIR/made"
berth -q pool create hooked --kind number 1-50 --space s --release-hook bye --reuse-delay 1h >"$TMPDIR/made"
berth -q pool create greeted --kind number 1-50 --space t --activate-hook hello >"$TMPDIR/made"
ids="(select string_agg(e->>'id', ' ') from jsonb_array_elements(d) e)"
one="concat_ws(' ', d->>'state', d->>'outcome', d->>'explanation')"

# --- listing -----------------------------------------------------------------

check 'an empty queue' answers d '[]' berth queue list --json
check 'its figures' answers "concat_ws(' ', d->'queued', d->'running', d->'quarantined', d->'oldest_seconds', d->'applied_last_minute', d->'workers_alive')" \
	'0 0 0 0 0 0' berth queue stats --json
check 'no worker' answers d '[]' berth worker list --json
take web 12
for i in 0 1 2 3 4; do
	berth -q release "${leases[i]}" --json >"$TMPDIR/queued" && queued[i]=$(tr ',' '\n' <"$TMPDIR/queued" | sed -n 's/{"id":"\(.*\)"/\1/p')
done
check 'newest first' answers "$ids" "${queued[4]} ${queued[3]} ${queued[2]} ${queued[1]} ${queued[0]}" berth queue list --json
check 'the figures' answers "concat_ws(' ', d->'queued', (d->>'oldest_seconds')::float8 between 0 and 3600)" '5 t' berth queue stats --json
check '--open is the same' answers 'jsonb_array_length(d)' 5 berth queue list --open --json
check 'a page' answers "$ids" "${queued[4]} ${queued[3]}" berth queue list --limit 2 --json
check 'the next one' answers "$ids" "${queued[2]} ${queued[1]}" berth queue list --limit 2 --after "$(json "d->1->>'seq'")" --json
check 'the last one' answers "$ids" "${queued[0]}" berth queue list --limit 2 --after "$(json "d->1->>'seq'")" --json
check 'the commands of one target' answers "$ids" "${queued[2]}" berth queue list --target lease/"${leases[2]}" --json
check 'the commands of a target without any' answers d '[]' berth queue list --target pool/web --json
check 'an unknown lease is refused' refuses not_found berth queue list --target lease/$nobody
check 'an unknown pool is refused' refuses not_found berth queue list --target pool/nope
check 'the commands of a place' answers d '[]' berth queue list --target resource/web/10.0.0.0/26 --json
check 'an unknown place is refused' refuses not_found berth queue list --target resource/web/10.0.0.0/27
check 'the items of an unknown bulk are refused' refuses not_found berth queue list --parent $nobody
check 'as CSV' equal 6 "$(berth queue list --csv | wc -l)"
check 'as a table' prints 'EXPLANATION' berth queue list
check 'show' answers "concat_ws(' ', d->>'id', d->>'state')" "${queued[0]} queued" berth queue show "${queued[0]}" --json
check 'show with its prefix' prints 'queued' berth queue show command/"${queued[0]}"
check 'show of an unknown command' refuses not_found berth queue show $nobody

# --- cancelling --------------------------------------------------------------

before=$(fingerprint)
check 'dry run of cancel' answers "$one" 'cancelled cancelled by postgres' berth queue cancel "${queued[0]}" -n --json
check '... changes nothing' equal "$before" "$(fingerprint)"
check 'cancel' answers "$one" 'cancelled cancelled by postgres: not yet' berth queue cancel "${queued[0]}" --reason 'not yet' --json
before=$(fingerprint)
check 'once more' answers "d->>'state'" cancelled berth queue cancel "${queued[0]}" --reason 'again' --json
check '... changes nothing' equal "$before" "$(fingerprint)"
check 'cancel of an unknown command' refuses not_found berth queue cancel $nobody
check 'consumed' work
check 'cancel of a finished command' refuses conflict berth queue cancel "${queued[1]}"
check '... says so' complains 5 'is done: applied and cannot be cancelled' berth queue cancel "${queued[1]}"
check 'the cancelled one had no effect' answers "d->>'state'" active berth lease show "${leases[0]}" --json
check '... and is shown with it' equal cancelled "$(json "d->'ended_commands'->0->>'state'")"
check 'nothing is open' answers d '[]' berth queue list --json
check '--all' answers 'jsonb_array_length(d)' 5 berth queue list --all --json
check 'by state' answers "$ids" "${queued[0]}" berth queue list --state cancelled --json
check 'by states' answers 'jsonb_array_length(d)' 5 berth queue list --state cancelled,done --json
check 'by a state of --all' answers 'jsonb_array_length(d)' 4 berth queue list --all --state done --json
check 'by an open one' answers d '[]' berth queue list --state queued,running,quarantined --json
check 'the figures' answers "concat_ws(' ', d->'queued', d->'applied_last_minute')" '0 4' berth queue stats --json

check 'in its grace' exits 0 berth release "${leases[5]}" --grace 1h --id 22222222-2222-4222-8222-222222222222
check '... nothing is due' work
check '... it can still be cancelled' answers "d->>'state'" cancelled berth queue cancel 22222222-2222-4222-8222-222222222222 --json
check 'a later one overtakes one in its grace' exits 0 berth release "${leases[6]}" --grace 1h
check '... a second release' exits 0 berth release "${leases[6]}"
check '... a worker applies it' work
check '... which is a no-op at once' answers "(select string_agg(e->>'outcome', ' ' order by (e->>'seq')::int) from jsonb_array_elements(d) e)" \
	'noop applied' berth queue list --all --target lease/"${leases[6]}" --json
check 'a bulk' answers "d->>'state'" queued berth release --pool web --yes --id 88888888-8888-4888-8888-888888888888 --json
check '... cancelled before its start' answers "$one" 'cancelled cancelled by postgres' berth queue cancel 88888888-8888-4888-8888-888888888888 --json
check '... a worker applies it' work
check '... all are as they were' answers 'jsonb_array_length(d)' 7 berth lease list --pool web --json

# --- stuck commands ----------------------------------------------------------

hook bye <<'END'
#!/bin/sh
echo "no way to let go of $3" >&2
exit 3
END
cp "$hooks/bye" "$hooks/hello"

# stuck: a lease of `hooked` whose release hook has failed for good; $lease and $command
stuck() {
	take hooked 1 && lease=${leases[0]} && berth -q release "$lease" --csv >"$TMPDIR/stuck" && work &&
		command=$(tail -n 1 "$TMPDIR/stuck" | cut -d, -f1)
}

check 'a hook fails' stuck
check 'the command is quarantined, without an outcome' answers "concat_ws(' ', d->>'state', d->'outcome', d->'attempts', d->>'explanation' like '%no way to let go of 1%')" \
	'quarantined null 1 t' berth queue show "$command" --json
check '... and open' answers "$ids" "$command" berth queue list --json
check '... its lease broken' answers "concat_ws(' ', d->>'state', d->'commands'->0->>'id')" "broken $command" berth lease show "$lease" --json
check '... counted' answers "d->'quarantined'" 1 berth queue stats --json
check '... doctor finds nothing' exits 0 berth doctor
check '... and cannot be cancelled' complains 5 'berth queue retry, skip or force it' berth queue cancel "$command"
before=$(fingerprint)
for verb in retry skip force; do
	check "dry run of $verb" answers "concat_ws(' ', d->>'action', d->>'target', d->>'state')" "$verb command/$command queued" \
		berth queue $verb "$command" -n --json
	check "$verb of none" refuses not_found berth queue $verb $nobody
done
check '... change nothing' equal "$before" "$(fingerprint)"
check "retry of what is not about a hook's lease" refuses conflict berth queue retry 88888888-8888-4888-8888-888888888888

check 'retry' exits 0 berth queue retry "$command" --reason 'maybe now' --id 77777777-7777-4777-8777-777777777777
check '... once by its id' answers "d->'replayed'" true berth queue retry "$command" --id 77777777-7777-4777-8777-777777777777 --json
check '... its id is refused for a skip' refuses id_conflict berth queue skip "$command" --id 77777777-7777-4777-8777-777777777777
check '... a worker applies it' work
check '... fails again, the first one is closed' answers "$one" 'done failed retried by postgres: maybe now' berth queue show "$command" --json
check '... and the retry is quarantined, its attempts going on' answers "concat_ws(' ', d->>'state', d->'attempts')" 'quarantined 2' \
	berth queue show 77777777-7777-4777-8777-777777777777 --json
check 'retry of one that is not quarantined any more' exits 0 berth queue retry "$command" --id 66666666-6666-4666-8666-666666666666
check '... a worker applies it' work
check '... is rejected' answers "concat_ws(' ', d->>'outcome', d->>'explanation')" "rejected command $command is done, not quarantined" \
	berth queue show 66666666-6666-4666-8666-666666666666 --json
check 'skip' exits 0 berth queue skip 77777777-7777-4777-8777-777777777777
check '... a worker applies it' work
check '... the hook counts as done, the value rests' answers "concat_ws(' ', d->>'state', jsonb_array_length(d->'commands'))" 'released 0' berth lease show "$lease" --json

check 'another stuck command' stuck
check 'force' exits 0 berth queue force "$command"
check '... a worker applies it' work
check '... destroyed at once' answers "d->>'state'" destroyed berth lease show "$lease" --json
check '... and the command says so' answers "$one" 'done failed forced by postgres' berth queue show "$command" --json

check 'a third' stuck
check 'the lease is released again' exits 0 berth release "$lease" --id 55555555-5555-4555-8555-555555555555
hook bye <<'END'
#!/bin/sh
exit 0
END
check '... with a hook that works' work
check '... closes the quarantined one' answers "$one" 'done failed superseded by command 55555555-5555-4555-8555-555555555555' \
	berth queue show "$command" --json
check '... and is applied' answers "d->>'outcome'" applied berth queue show 55555555-5555-4555-8555-555555555555 --json

take greeted 1
check 'an activate hook fails' work
stuck=$(berth queue list --csv | sed -n 2p | cut -d, -f1)
check '... the lease is broken' answers "concat_ws(' ', d->>'state', d->'commands'->0->>'action')" 'broken activate' berth lease show "${leases[0]}" --json
check '... skipped' exits 0 berth queue skip "$stuck"
check '... a worker applies it' work
check '... it is active' answers "d->>'state'" active berth lease show "${leases[0]}" --json

# --- a bulk with failures ----------------------------------------------------

hook bye <<'END'
#!/bin/sh
[ "$3" != 6 ]
END
take hooked 4
check 'a bulk of four, one of which fails' exits 0 berth release "${leases[@]}" --yes --id 44444444-4444-4444-8444-444444444444
check '... a worker applies it' work
check '... is failed' answers "concat_ws(' ', d->>'state', d->>'outcome', d->'progress')" 'done failed {"done": 4, "noop": 0, "total": 4, "failed": 1, "applied": 3, "rejected": 0, "cancelled": 0}' \
	berth queue show 44444444-4444-4444-8444-444444444444 --json
check '... and shows the failed item' equal 1 "$(json "jsonb_array_length(d->'failures')")"
item=$(json "d->'failures'->0->>'id'")
check '... by its state' equal quarantined "$(json "d->'failures'->0->>'state'")"
check '... as a table' prints 'failures:' berth queue show 44444444-4444-4444-8444-444444444444
check 'its open items' answers "$ids" "$item" berth queue list --parent 44444444-4444-4444-8444-444444444444 --open --json
check 'all of its items' answers 'jsonb_array_length(d)' 4 berth queue list --parent 44444444-4444-4444-8444-444444444444 --json
hook bye <<'END'
#!/bin/sh
exit 0
END
check 'the one retried' exits 0 berth queue retry "$item"
check '... a worker applies it' work
check '... then counts as applied' answers "concat_ws(' ', d->'progress'->'applied', d->'progress'->'failed')" '4 0' berth queue show 44444444-4444-4444-8444-444444444444 --json

# --- workers -----------------------------------------------------------------

check 'a worker that has ended' answers "(select bool_or((e->>'alive')::bool) from jsonb_array_elements(d) e)" f berth worker list --json
working --name one
alive() {
	[ "$(berth worker list --json | tr -d ' \n' | grep -o '"name":"one".*' | grep -c '"alive":true')" = 1 ]
}
check 'a living worker' wait_for alive
check '... is listed first' answers "concat_ws(' ', d->0->>'name', d->0->>'alive', d->0->>'pid', d->0->'running', d->0->'since', d->0->>'hooks')" \
	"one true $worker null null true" berth worker list --json
check '... with when it was heard of' equal t "$(json "(d->0->>'heartbeat')::timestamptz >= (d->0->>'started')::timestamptz")"
check '... and counted' answers "d->'workers_alive'" 1 berth queue stats --json
check 'it ends on SIGTERM' worked
check '... and is not alive at once' answers "d->'workers_alive'" 0 berth queue stats --json
check 'as a table' prints 'CONSUMED' berth worker list

# --- ids, places and times are of one kind ------------------------------------

check 'a command takes an id' exits 0 berth resource cordon web/10.0.0.0/26 --id f1111111-1111-4111-8111-111111111111
check '... which is refused for a pool' complains 5 'was used for cordon' \
	berth pool create late --kind number 1-9 --id f1111111-1111-4111-8111-111111111111
check '... and nothing was made' complains 4 'does not exist' berth pool show late
check 'an address is no number' complains 4 'does not exist' berth resource cordon web/167772160-167772223
check 'a release of what a pool holds is listed under it' exits 0 \
	berth release --pool web --yes --id f2222222-2222-4222-8222-222222222222 --grace 1h
check '... by its id' answers "$ids" f2222222-2222-4222-8222-222222222222 berth queue list --target pool/web --json
check '... and not under another' answers "$ids" '' berth queue list --target pool/hooked --json

# --- items of a bulk ------------------------------------------------------------

bulk=f3333333-3333-4333-8333-333333333333
take hooked 2
check 'a bulk' exits 0 berth release "${leases[@]}" --yes --id $bulk
check '... that waits for hooks' exits 0 berth worker --until-idle -q
for item in $(berth -q queue list --parent $bulk --csv | tail -n +2 | cut -d, -f1); do
	check 'an item is cancelled' answers "d->>'state'" cancelled berth queue cancel "$item" --json
done
check '... and has ended' answers "concat_ws(' ', d->>'state', d->>'outcome', d->'progress')" \
	'done applied {"done": 2, "noop": 0, "total": 2, "failed": 0, "applied": 0, "rejected": 0, "cancelled": 2}' berth queue show $bulk --json
check 'doctor finds nothing' exits 0 berth doctor
