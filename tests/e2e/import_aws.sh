#!/usr/bin/env bash
# The published address ranges of a large cloud: counts known from outside.
. tests/lib.sh
. tests/lib/answers.sh

new_database
id=11111111-1111-4111-8111-111111111111
check 'all pools are imported' answers d '{"rows": [], "differs": 0, "refused": 0, "skipped": 0, "imported": 15866, "replayed": 0}' \
	berth pool import tests/data/aws-pools.csv --id $id --json
check 'a thousand pools of so many ranges and IPv4 addresses' answers "(select concat_ws(' ', count(*), sum((p->>'resources')::int),
	sum((p->>'capacity')::numeric) filter (where p->>'kind' = 'ipv4')) from jsonb_array_elements(d) p)" \
	'1000 15866 187875590' berth pool list --json
check 'the same id again is a replay' answers "d->'imported'" 15866 berth pool import tests/data/aws-pools.csv --id $id --json
after=$(sql 'select count(*) from berth.event')
check 'another id finds all of it there' answers d '{"rows": [], "differs": 0, "refused": 0, "skipped": 0, "imported": 0, "replayed": 15866}' \
	berth pool import tests/data/aws-pools.csv --json
check 'and changes nothing' equal "$after" "$(sql 'select count(*) from berth.event')"
check 'the doctor finds nothing' exits 0 berth doctor

new_database
before=$(fingerprint)
check 'overlaps: nothing is imported' refuses overlap berth pool import tests/data/aws-overlaps.csv
check '... the first line and its culprit are named' equal '443 s3-ap-northeast-2-v4 3.5.140.0/22 3.5.140.0 3.5.143.255' \
	"$(fault "(select concat_ws(' ', e->'line', e->'detail'->>'pool', e->'detail'->>'range', e->'detail'->>'first',
		e->'detail'->>'last') from (select d->'error' as e) error)")"
check '... in words' complains 5 'line 443: range 3.5.140.0/22 of pool ec2-ap-northeast-2-v4 overlaps 3.5.140.0/22 of pool s3-ap-northeast-2-v4' \
	berth pool import tests/data/aws-overlaps.csv
check '... nothing has changed' equal "$before" "$(fingerprint)"
check 'skipped' exits 1 berth pool import tests/data/aws-overlaps.csv --on-conflict skip --json
check '... the others are imported' equal '4729 622 0' "$(json "concat_ws(' ', d->'imported', d->'refused', d->'replayed')")"
check '... each refused one with a culprit that overlaps it' equal '622 622' "$(json "(select count(*) || ' ' ||
	count(*) filter (where (r->>'range')::inet && (r->'error'->'detail'->>'range')::inet and r->'error'->>'code' = 'overlap')
	from jsonb_array_elements(d->'rows') r)")"
culprits=$(json "(select string_agg(quote_literal(r->'error'->'detail'->>'resource'), ',') from jsonb_array_elements(d->'rows') r)")
check '... and is there' equal "$(tr , '\n' <<<"$culprits" | sort -u | wc -l)" \
	"$(sql "select count(*) from berth.resource where state = 'active' and id in ($culprits)")"
check '... in the order of the file' equal t "$(json "(select bool_and(line > before) from (select (r->>'line')::int as line,
	lag((r->>'line')::int, 1, 0) over (order by n) as before from jsonb_array_elements(d->'rows') with ordinality as l (r, n)) o)")"
check 'again all of it is there or refused' exits 1 berth pool import tests/data/aws-overlaps.csv --on-conflict skip --json
check '... as before' equal '0 4729 622' "$(json "concat_ws(' ', d->'imported', d->'replayed', d->'refused')")"
check 'the doctor finds nothing' exits 0 berth doctor
