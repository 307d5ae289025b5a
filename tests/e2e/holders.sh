#!/usr/bin/env bash
# The holders of leases and their counts, releasing all leases of a holder; forecasts as scripts read them.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
berth -q pool create web --kind number 1-20 >"$TMPDIR/made"
berth -q pool create db --kind number 100-119 --space s >"$TMPDIR/made"

hold() {
	berth -q allocate "$1" --holder "$2" --count "$3" --for "$4" >"$TMPDIR/made"
}

# --- the list ----------------------------------------------------------------

hold web ci 3 2h
hold web 'it'\''s mine' 1 1h
hold web etl 2 5h
hold db etl 4 3h
hold db '' 1 9h

check 'the fields' answers "(select string_agg(k, ' ') from json_object_keys(('$(berth lease holders --limit 1 --json)'::json)->0) k)" \
	'holder leases oldest next_expiry pools more newest' berth lease list --json
check 'most leases first' answers "(select string_agg(concat_ws(':', e->>'holder', e->>'leases', e->>'pools'), ' ') from jsonb_array_elements(d) e)" \
	'etl:6:["db", "web"] ci:3:["web"] :1:["db"] it'\''s mine:1:["web"]' berth lease holders --json
check 'of a pool' answers "(select string_agg(e->>'holder', ',') from jsonb_array_elements(d) e)" 'ci,etl,it'\''s mine' \
	berth lease holders --pool pool/web --json
check 'by the next expiry' answers "(select string_agg(e->>'holder', ',') from jsonb_array_elements(d) e)" \
	'it'\''s mine,ci,etl,' berth lease holders --sort expiry --json
holders="(select string_agg(e->>'holder', ',') from jsonb_array_elements(d) e)"
check 'a window goes on in the order of the page' answers "$holders" 'ci,' berth lease holders --after etl --limit 2 --json
check '... of the same holders' answers "$holders" "it's mine" berth lease holders --after '' --json
check '... also by names' answers "$holders" 'etl' berth lease holders --sort name --after ci --limit 1 --json
check '... and against them' answers "$holders" 'ci,' berth lease holders --sort name --reverse --after etl --json
check '... by the next expiry' answers "$holders" 'ci,etl,' \
	berth lease holders --sort expiry --after "it's mine" --json
check 'a filter' answers "$holders" 'etl,ci' berth lease holders --filter 'leases>1 expires<4h' --json
check '... of pools' answers "$holders" 'etl,' berth lease holders --filter 'pool=db' --json
check '... inverted, with words' answers "$holders" "ci,it's mine" berth lease holders --filter '!pool=db' --json
check '... and a cursor' answers "$holders" 'ci' berth lease holders --filter 'leases>1' --after etl --json
check 'as a table' prints 'HOLDER' berth lease holders --pool web
check 'as CSV' equal 'holder,leases,oldest,next_expiry,pools,more,newest' "$(berth lease holders --csv | head -n 1 | tr -d '\r')"
check 'nobody' answers d '[]' berth lease holders --sort name --after zzz --json

table_of_refusals <<'END'
lease holders --pool none           | not_found     | pool none does not exist
lease holders --pool 'a b'          | invalid_input | a b
lease holders --sort size           | invalid_input | size
lease holders --sort idle --after x | not_found     | --after x: it holds no leases any more
lease holders --pool none --after x | not_found     | pool none does not exist
lease holders --filter 'leases>x'   | invalid_input | leases is a whole number
lease holders --filter 'env=prod'   | invalid_input | the fields are holder, leases, oldest, idle, expires, pool
lease holders --limit 0             | invalid_input | --limit
lease holders web                   | invalid_input | web
release --holder ci pool/web --yes  | invalid_input | --holder: not together with targets
END

# --- release -----------------------------------------------------------------

check 'the leases of a holder' answers "jsonb_array_length(d)" 2 berth lease list --pool web --holder etl --json
check 'the plan of them' answers "concat_ws(' ', d->'targets', d->'effect'->'web'->'after'->>'used')" '2 4' \
	berth release --pool web --holder etl -n --json
check 'of all pools' answers "d->'targets'" 6 berth release --holder etl -n --json
check 'a bulk needs --yes' exits 2 berth release --pool web --holder etl
check 'they are queued' answers "d->>'action'" release berth release --pool web --holder etl --yes --json
check '... and released' work
check '... and no others' answers "(select string_agg(concat_ws(':', e->>'holder', e->>'leases'), ' ') from jsonb_array_elements(d) e)" \
	'etl:4 ci:3 :1 it'\''s mine:1' berth lease holders --json
check 'those of nobody' berth -q release --pool db --holder '' --yes
check '... are released' work
check '... too' answers "jsonb_array_length(d)" 0 berth lease list --pool db --holder '' --json

# --- forecasts ---------------------------------------------------------------

check 'no history, no forecast' answers "concat_ws(' ', d->>'runs_out', d->>'trend')" '' berth pool show web --json
sql "insert into berth.sample select id, now() - h * interval '1 hour', true, greatest(0, 4 - h / 48.0), 20
		from berth.pool, generate_series(0, 400) h where name = 'web'
	on conflict do nothing;
	update berth.forecast set since = now() - interval '400 hours', due = now();
	select berth.make_forecasts(array(select pool from berth.forecast))" >"$TMPDIR/sampled"
check 'with a trend' answers "concat_ws(' ', (d->>'runs_out')::timestamptz between now() + interval '30 days' and now() + interval '34 days',
	d->'trend'->'per_day', d->'trend'->'span', (d->'trend'->>'earliest') < (d->>'runs_out'))" 't 0.500 604800 t' berth pool show web --json
check 'the first to run out is first' answers "d->0->>'name'" web berth pool list --sort runs-out --json
