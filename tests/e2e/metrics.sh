#!/usr/bin/env bash
# Metrics: OpenMetrics text of what the lists say, and the rules and the dashboard that read it.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database

# sampled NAME{LABELS} VALUE: what a strict reader reads
sampled() {
	equal "$2" "$(sed -n "s|^$1 ||p" "$TMPDIR/samples")"
}
scraped() {
	berth metrics >"$TMPDIR/metrics" && python3 tests/lib/openmetrics.py <"$TMPDIR/metrics" >"$TMPDIR/samples"
}

check 'metrics of an empty database' scraped
check '... end as the format wants it' equal '# EOF' "$(tail -n 1 "$TMPDIR/metrics")"
check '... no pool is exhausted' sampled 'berth_pools{state=exhausted}' 0

berth -q pool create web --kind number 1-4 --warn 50 --crit 75 >"$TMPDIR/made"
berth -q pool exclude web 4 --reason gateway >"$TMPDIR/made"
berth -q pool create huge --kind ipv6 2001:db8::/32 --space lab >"$TMPDIR/made"
take web 3
berth -q allocate web --wait=0s >"$TMPDIR/waits"
berth -q release "${leases[0]}" >"$TMPDIR/queued"
check 'metrics with pools' scraped
web='kind=number,pool=web,space=global'
check 'capacity' sampled "berth_pool_capacity{$web}" 4
check 'used' sampled "berth_pool_used{$web}" 3
check 'free' sampled "berth_pool_free{$web}" 0
check 'held back' sampled "berth_pool_held_back{$web}" 1
check 'excluded' sampled "berth_pool_excluded{$web}" 1
check 'a ratio' sampled "berth_pool_used_ratio{$web}" 0.75
check 'thresholds' sampled "berth_pool_crit_ratio{$web}" 0.75
check 'waiting' sampled "berth_pool_waiting{$web}" 1
check 'a pool by its state' sampled 'berth_pools{state=exhausted}' 1
check 'a count beyond 64 bits' grep -qx 'berth_pool_free{pool="huge",space="lab",kind="ipv6"} 79228162514264337593543950336' \
	"$TMPDIR/metrics"
check 'no trend, no sample' equal '' "$(grep '^berth_pool_runs_out_timestamp_seconds{' "$TMPDIR/metrics")"
check 'queued' sampled 'berth_commands{state=queued}' 1
check 'lag' grep -qE '^berth_queue_lag_seconds\{\} [0-9.]+$' "$TMPDIR/samples"
check 'arrived' sampled 'berth_commands_last_minute{step=arrived}' 1
check 'no worker' sampled 'berth_workers_alive{}' 0
check 'alerts' sampled 'berth_alerts{kind=full_waiting}' 1
check 'the tables' grep -qE '^berth_table_size_bytes\{table=lease\} [1-9]' "$TMPDIR/samples"

work
check 'after the work' scraped
check '... nothing is queued' sampled 'berth_commands{state=queued}' 0
check '... one was applied' sampled 'berth_commands_last_minute{step=applied}' 1
check '... a family for each name, once' equal '' "$(grep '^# TYPE' "$TMPDIR/metrics" | sort | uniq -d)"

berth -q pool create grow --kind number 101-120 >"$TMPDIR/made"
sql "insert into berth.sample select id, now() - h * interval '1 hour', true, greatest(0, 4 - h / 48.0), 20
		from berth.pool, generate_series(0, 400) h where name = 'grow'
	on conflict do nothing;
	update berth.forecast set since = now() - interval '400 hours', due = now();
	select berth.make_forecasts(array(select pool from berth.forecast))" >"$TMPDIR/sampled"
check 'with a trend' scraped
check '... the time at which the pool is full' equal \
	"$(sql "select floor(date_part('epoch', runs_out)) from berth.pool_view where name = 'grow'")" \
	"$(sed -n 's/^berth_pool_runs_out_timestamp_seconds{kind=number,pool=grow,space=global} \([0-9]*\).*/\1/p' "$TMPDIR/samples")"

check 'as JSON: the same samples' answers 'jsonb_array_length(d)' "$(wc -l <"$TMPDIR/samples")" berth metrics --json
check '... with labels' answers \
	"(select e->'value' from jsonb_array_elements(d) e where e->>'name' = 'berth_pool_used' and e->'labels'->>'pool' = 'web')" \
	3 berth metrics --json
check 'as CSV' prints 'berth_workers_alive,gauge,{},' berth metrics --csv

# --- what reads it -----------------------------------------------------------

rules=assets/monitoring/berth.rules.yml
check 'the alert rules are rules' exits 0 promtool check rules "$rules"
mkdir "$TMPDIR/rules"
cp "$rules" tests/data/monitoring/rules.test.yml "$TMPDIR/rules"
check '... and fire for what they name' exits 0 promtool test rules "$TMPDIR/rules/rules.test.yml"
check 'the dashboard is JSON with panels' exits 0 jq -e '.panels | length > 10' assets/monitoring/dashboard.json

# The names that a file mentions, and those that are exposed.
families=$(sed -n 's/^# TYPE \([a-z_]*\) gauge/\1/p; s/^# TYPE \([a-z_]*\) counter/\1_total/p' "$TMPDIR/metrics" | sort)
asked() {
	{
		jq -r '.panels[].targets[].expr' assets/monitoring/dashboard.json
		grep -E '^ +(expr:|berth_|and )' "$rules"
	} | grep -oE 'berth_[a-z_]+' | sort -u
}
check 'rules and dashboard ask for what there is' equal '' "$(comm -13 <(echo "$families") <(asked))"
check '... a self-test: many names' test "$(asked | wc -l)" -gt 12
