#!/usr/bin/env bash
# A password in the wrong place is not printed, wherever the error comes from.
. tests/lib.sh

new_database

# secret CODE CMD...: that exit code, and a message without any secret
secret() {
	local code=$1
	shift
	run "$@"
	[ "$status" -eq "$code" ] && [ -n "$stderr" ] && ! grep -q 'cret' "$TMPDIR/stdout" "$TMPDIR/stderr" || tests_show "$code and no secret"
}
both() {
	check "$1" secret "$2" "${@:3}"
	check '... with --json' secret "$2" "${@:3}" --json
}

while IFS='|' read -r code string; do
	both "-d $string" "$code" berth -d "$string" pool list
done <<'END'
2|host=h password=two s3cret
2|host=h password='s3cret
2|password=two s3cret=x
2|postgres://u:s3cret@[::1/db
2|postgres://u:s3%cret@h/db
2|postgres://u:two@s3cret@h/db
2|postgres://u:two/s3cret@h/db
2|postgres://u:s3cret
3|host=localhost,password=s3cret port=1
3|host=localhost port=1password=s3cret
END
both 'a German libpq' 2 env LC_MESSAGES=de_DE.UTF-8 LANGUAGE=de "$BERTH" -d "password=two s3cret" pool list
both 'a URI as a host' 3 berth -h 'postgres://u:s3cret@h/db' pool list
both 'a URI as a database in the environment' 3 env PGDATABASE='postgres://u:s3cret@h/db' "$BERTH" pool list
both 'a connection string there' 3 env PGDATABASE='host=h password=s3cret' "$BERTH" pool list
both 'a host in the environment' 3 env PGHOST='postgres://u:s3cret@h/db' "$BERTH" pool list
both 'a port in the environment' 3 env PGPORT='1 password=s3cret' "$BERTH" pool list
both 'a service that is none' 3 env PGSERVICE='postgres://u:s3cret@h/db' "$BERTH" pool list
cat >"$TMPDIR/services" <<'END'
[broken]
host=h
password s3cret
[odd]
hots=h password=s3cret
END
for service in broken odd; do
	both "a service file: $service" 3 env PGSERVICEFILE="$TMPDIR/services" PGSERVICE=$service "$BERTH" pool list
done
both 'a password as the port, as other programs have it' 2 berth -p s3cret pool list
both 'a password behind -W' 2 berth -W s3cret pool list
both '... in one word' 2 berth -Ws3cret pool list
both '... behind a sign' 2 berth --password=s3cret pool list
both 'a URI as a word' 2 berth postgres://u:s3cret@h/db pool list
both 'a setting as a word' 2 berth pool list 'password=s3cret'
both 'as a name' 2 berth pool show 'postgres://u:s3cret@h/db'
echo 'pool create postgres://u:s3cret@h/db --kind ipv4' >"$TMPDIR/batch"
both 'in a file' 2 berth batch "$TMPDIR/batch"

# The worker's log.
"$BERTH" worker -h 'postgres://u:s3cret@h/db' 2>"$TMPDIR/worker" &
worker=$!
check 'a worker looks for its server' wait_for grep -q 'trying again' "$TMPDIR/worker"
check '... and tells no secret' equal '' "$(grep cret "$TMPDIR/worker")"
kill $worker
wait $worker

# Messages about a long input are short.
bounded() {
	run "$@"
	[ "$status" -eq 2 ] && [ "$(wc -c <"$TMPDIR/stderr")" -lt 6000 ] || tests_show 'exit 2, and few words'
}
head -c 3000000 /dev/zero | tr '\0' x >"$TMPDIR/word"
for words in 'pool create' 'pool show' '' 'allocate web --holder a --until' 'allocate web --for'; do
	{ printf '%s ' "$words" && cat "$TMPDIR/word"; } >"$TMPDIR/batch"
	check "a long word: $words" bounded berth batch "$TMPDIR/batch" --json
done
{ printf 'pool,kind,range\n' && cat "$TMPDIR/word" && printf ',ipv4,10.0.0.0/24\n'; } >"$TMPDIR/long.csv"
check 'a long field' bounded berth pool import "$TMPDIR/long.csv" --json
cat "$TMPDIR/word" >"$TMPDIR/long.csv"
check 'a long header' bounded berth pool import "$TMPDIR/long.csv" --json
word=$(head -c 100000 "$TMPDIR/word")
for option in --limit --sort --filter --status -l; do
	check "a long value: $option" bounded berth pool list $option "$word" --json
done
check 'a long command' bounded berth "$word" --json
