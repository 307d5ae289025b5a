#!/usr/bin/env bash
# Reads from a standby: by --standby and by `reads` of a profile; changes go to the primary, and a standby that is
# gone is replaced by it.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/cluster.sh

export XDG_CONFIG_HOME=$TMPDIR/config
config=$XDG_CONFIG_HOME/berth/config
mkdir -p "${config%/*}"
cluster_pair
cat >"$config" <<END
[profile prod]
host = $one
dbname = dbname=berth connect_timeout=5
reads = host=$two

[profile wrong]
host = $one
dbname = berth
reads = host=$TMPDIR/nowhere
END

# notes TEXT CMD...: exit 0 and the text on standard error
notes() {
	complains 0 "$@"
}
has_pool() { # NAME CMD...
	"${@:2}" pool show "$1" >"$TMPDIR/pool" 2>&1
}

check 'a change goes to the primary' exits 0 berth @prod pool create edge --kind number 1-9
check '... also with --standby' exits 0 berth @prod --standby pool create core --kind number 1-9 --space core
check '... which comes to the standby' wait_for has_pool core berth @prod
check 'a list is read from the standby' notes "berth: read from the standby $two, which is up to date" berth @prod pool list
check '... as one document' answers "d->0->>'name'" core berth @prod pool list --json
check '... quietly with -q' equal '' "$(berth @prod -q pool list 2>&1 >"$TMPDIR/list")"
check '... and from the primary with --primary' equal '' "$(berth @prod --primary pool list 2>&1 >"$TMPDIR/list")"
check '... or where an option names the server' equal '' "$(berth @prod -h "$one" pool list 2>&1 >"$TMPDIR/list")"
check 'a screen is read from the standby' notes "read from the standby $two" berth @prod --once pools
for verb in 'pool show edge' 'pool free edge' 'pool find 3' 'lease list' 'lease holders' 'resource list' 'queue list' \
	'queue stats' 'worker list' 'org list' 'project list' 'label list pool/edge' 'events' 'metrics' 'doctor'; do
	# shellcheck disable=SC2086
	check "$verb" notes "read from the standby $two" berth @prod $verb
done
check 'alerts' notes "read from the standby $two" berth @prod alerts
check 'a worker is at work on the primary' exits 0 berth @prod worker --until-idle

check '--standby prefers a standby of the hosts' notes "read from the standby $two" berth -h "$one,$two" --standby pool list
check '... wherever it stands' notes "read from the standby $two" berth -h "$two,$one" --standby pool list
check 'without one the primary is read' notes "no standby: read from $one, which accepts changes" berth -h "$one" --standby pool list
check '--standby and --primary exclude each other' refuses invalid_input berth -h "$one" --standby --primary pool list
check '... and so do --standby and --local' refuses invalid_input berth --local --standby pool list

# The standby falls behind.
cluster_sql two 'select pg_wal_replay_pause()' >"$TMPDIR/sql"
check 'a change that the standby does not replay' exits 0 berth @prod pool create late --kind number 1-9 --space late
check '... is not in its answer' answers 'jsonb_array_length(d)' 2 berth @prod pool list --json
is_stale() {
	berth @prod pool list 2>&1 >"$TMPDIR/list" | grep -qE "berth: STALE: read from the standby $two, which is [0-9]+s behind"
}
check '... and the answer is marked as stale' wait_for is_stale
check '... but the primary has it' answers 'jsonb_array_length(d)' 3 berth @prod --primary pool list --json
cluster_sql two 'select pg_wal_replay_resume()' >"$TMPDIR/sql"
check 'it catches up' wait_for has_pool late berth @prod
check '... and says so' notes 'which is up to date' berth @prod pool list

# The standby is gone.
cluster_stop two
check 'the primary replaces a standby that is gone' answers 'jsonb_array_length(d)' 3 berth @prod pool list --json
check '... and the reason is told' notes 'the standby cannot be read: ' berth @prod pool list
check '... for each verb' notes '; read from the primary' berth @wrong alerts
check 'a hidden failure stays one' refuses not_found berth @prod pool show nowhere

printf '[profile a]\nreads = db2\n' >"$config"
check 'a host alone is no connection string' complains 2 "$config:2: reads: not a connection string" berth @a pool list
printf '[profile a]\nreads = host=db2 password=x\n' >"$config"
check 'a password is refused' complains 2 "$config:2: reads: passwords do not belong here" berth @a pool list
printf '[profile a]\nreads = hots=db2\n' >"$config"
check 'a fault in it is told' complains 2 "$config:2: reads: " berth @a pool list
