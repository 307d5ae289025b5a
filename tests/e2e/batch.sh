#!/usr/bin/env bash
# A file of commands: all of them apply or none, each as it does alone; an error names the line.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

file=$TMPDIR/batch
lease=11111111-1111-4111-8111-111111111111 queued=22222222-2222-4222-8222-222222222222
batch=33333333-3333-4333-8333-333333333333 waits=44444444-4444-4444-8444-444444444444
stuck() {
	echo "5555555$1-5555-4555-8555-555555555555"
}

# Leases whose hooks have failed for good, one that waits, and one with a command in the queue.
prepare() {
	local i
	berth pool create web --kind number --space web 1-100 && berth pool create spare --kind number --space spare 1-9 20-29 &&
		berth pool create bare --kind number --space bare && berth pool create one --kind number --space one 1 &&
		berth pool create hooked --kind number --space hooked --release-hook bye 1-9 || return 1
	for i in 1 2 3; do
		berth allocate hooked --id "${stuck_leases[i]}" && berth release "${stuck_leases[i]}" --id "$(stuck $i)" || return 1
	done
	work && berth allocate one && berth allocate one --id $waits --wait=0s && berth allocate web --id $lease &&
		berth release $lease --id $queued --grace 1h
}
stuck_leases=('' 66666661-6666-4666-8666-666666666666 66666662-6666-4666-8666-666666666666 66666663-6666-4666-8666-666666666666)
hook bye <<'END'
#!/bin/sh
exit 3
END

# anew: makes PGDATABASE the prepared state again
anew() {
	local name=test_$$_${#tests_databases[@]}
	createdb -T "${tests_databases[0]}" "$name" || exit 1
	tests_databases+=("$name")
	export PGDATABASE=$name
}

# These parts differ each time: ids of things, times, places in the order of events.
normal() {
	sed -E 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/ID/g; s/"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"/"TIME"/g; s/"seq":[0-9]+/"seq":0/g'
}

new_database
check 'prepared' prepare
printf 'pool,kind,range,space\nweb,number,200-209,web\n' >"$TMPDIR/ranges.csv"
printf 'pool,value,holder\nweb,205,vm 16\nnew,9,vm 16\n' >"$TMPDIR/leases.csv"

# --- every command, in a file and alone ------------------------------------------

cat >"$file" <<END
# the initial objects
pool create new --kind number --space new 1-9
pool add web 300-309 310-319   # two of them

	pool remove spare 1-9
pool delete 'bare'
pool import $TMPDIR/ranges.csv
lease import $TMPDIR/leases.csv
resource cordon web/1-100
resource uncordon spare/20-29
resource release web/1-100 --reason "it's old"
resource reclaim spare/20-29 --grace 1h
allocate web --holder 'vm 17' --label app=shop --label tier=2
allocate web --count 2
allocate new --value 7 --for 2h
allocate new --id 77777777-7777-4777-8777-777777777777
release $lease --expect-generation 1
release lease/77777777-7777-4777-8777-777777777777 $lease --yes
release --pool web -l 'app in (shop, blog)' --state=active --yes
extend 77777777-7777-4777-8777-777777777777 --until 2999-01-01T00:00:00Z
transfer 77777777-7777-4777-8777-777777777777 --holder 'vm 18'
pool set spare --warn 70 --crit 80
pool rename one uno
pool exclude spare 25 --reason 'kept'
pool include spare 25
queue cancel $queued
queue retry $(stuck 1)
queue skip $(stuck 2)
queue force $(stuck 3)
label lease/77777777-7777-4777-8777-777777777777 a=b
label pool/new x=1 y=
annotate pool/new note="a \"quoted\" \\\$word" other='#none'
org create acme --max-projects 1
org limit acme --max-projects 2
project create acme/shop --max-leases 3 --space shop --pool shop=1-9,20-29 --label tier=2
project limit acme/shop --max-leases none
project create acme/blog
project delete acme/blog --reason 'a mistake'
END

# Verbs that take an id change something, and every change can be a line of a file, except for the schema and
# for changes of more than one transaction.
changing() {
	local words
	"$BERTH" help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]\+\( [a-z]\+\)*\)  .*/\1/p' | while read -r words; do
		# shellcheck disable=SC2086
		"$BERTH" help $words | grep -q -- '^ *--id ' && [[ $words != @(batch|migrate|dedupe *) ]] && echo "$words"
	done | sort
}
check 'the file has every command that changes something' equal "$(changing)" \
	"$(berth batch "$file" -n --csv -q | tr -d '\r' | sed -nE 's/^[0-9]+,([a-z ]+),.*/\1/p' | sort -u)"

anew
alone=
while read -r line; do
	case $line in '' | '#'*) continue ;; esac
	eval "set -- $line"
	check "alone: berth $line" exits 0 berth "$@" --json -q
	alone+=${alone:+,}$'\n'$stdout
done <"$file"
anew
before=$(fingerprint)
check 'a dry run of the file' exits 0 berth batch "$file" --id $batch --json -n
check '... has the same answers as the single commands' equal "[$(normal <<<"$alone")"$'\n]' "$(normal <<<"$stdout")"
check '... and reports a dry run' equal 'berth: dry run: nothing was changed' "$stderr"
check '... nothing has changed' equal "$before" "$(fingerprint)"
check 'the file' exits 0 berth batch "$file" --id $batch --json
check '... has the same answers as the single commands' equal "[$(normal <<<"$alone")"$'\n]' "$(normal <<<"$stdout")"
check '... and prints its id' equal "berth: id $batch" "$stderr"
check '... one answer for each' equal 36 "$(json 'jsonb_array_length(d)')"
first=$stdout
after=$(fingerprint)
check 'doctor finds nothing' exits 0 berth doctor

# --- once ------------------------------------------------------------------------

# Except for later changes: the queue's state, and the mark of a replay.
same() {
	local strip='jsonb_path_query_array(d, '\''$[*] ? (@.action != "release")'\'')'
	printf '%s' "$first" >"$TMPDIR/first"
	equal "$(tests_json "jsonb_path_query_array($strip, '\$[*].id')" "$(<"$TMPDIR/first")")" "$(json "jsonb_path_query_array($strip, '\$[*].id')")"
}
check 'the file again' exits 0 berth batch "$file" --id $batch --json
check '... has the same ids' same
check '... marked as a replay' equal t "$(json "d->0->'replayed' = 'true' and d->10->'replayed' = 'true' and d->11->0->'replayed' = 'true'")"
check '... and changes nothing' equal "$after" "$(fingerprint)"
sed 's/allocate web --count 2/allocate web --count 3/' "$file" >"$TMPDIR/other"
check 'another line with the same id is refused' refuses id_conflict berth batch "$TMPDIR/other" --id $batch
check '... which changes nothing' equal "$after" "$(fingerprint)"
check 'without its id it is another request' complains 5 'line 2: pool create: pool new exists already' berth batch "$file"

# The batch's id belongs to it alone: no line can have it.
other=99999999-3333-4333-8333-333333333333
check 'the id of the batch in a line of it' refuses id_conflict berth batch - --id $other <<<$'allocate spare\nallocate hooked --count 3 --id '$other
check '... is refused by that line' equal 2 "$(fault "d->'error'->'line'")"

# Many concurrent batches with one id apply once.
anew
for i in {1..20}; do printf 'allocate web --holder %s\nlabel pool/web k%s=1\n' "$i" "$i"; done >"$TMPDIR/twenty"
crowd() {
	local pids=() i
	for i in {1..6}; do
		"$BERTH" batch "$TMPDIR/twenty" --id $batch -q --json >"$TMPDIR/crowd$i" 2>&1 &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i" || return 1; done
}
check 'six at once' crowd
check '... do it once' equal '20 20' "$(sql "select (select count(*) from berth.lease where holder <> ''), (select count(*) from berth.label)" | tr '|' ' ')"

# --- later lines see earlier ones --------------------------------------------------

mine=aaaaaaaa-3333-4333-8333-333333333333
cat >"$TMPDIR/steps" <<END
pool create fresh --kind host --space fresh
pool add fresh host1:2
allocate fresh --id $mine --value host1:2
label lease/$mine a=1
label lease/$mine b=2
release lease/$mine --id 88888888-8888-4888-8888-888888888888
queue cancel 88888888-8888-4888-8888-888888888888
release resource/fresh/host1 --yes
END
check 'later lines use objects of earlier ones' exits 0 berth batch "$TMPDIR/steps" --json
check '... with the right answers' equal 'host1:2|{"a": "1", "b": "2"}|cancelled' "$(json "concat_ws('|', d->2->>'value', d->4, d->6->>'state')")"
printf 'pool create gone --kind number --space gone 7\npool remove gone 7\npool delete gone\npool create gone --kind ipv4 --space gone\n' >"$TMPDIR/gone"
check 'a name is free again' answers "d->3->>'kind'" ipv4 berth batch "$TMPDIR/gone" --json
printf 'allocate one --id %s\nallocate web\n' $waits >"$TMPDIR/waiting"
check 'one that waits has its place' answers "d->0->'waiting'->'position'" 1 berth batch "$TMPDIR/waiting" --json

# --- refused by line, before anything is sent --------------------------------------

# LINE | TEXT, by printf; there is no server.
before=$(fingerprint)
refused() {
	printf '# first\n\nallocate web\n%b\nnonsense' "$1" >"$TMPDIR/wrong"
	run env PGHOST=/nowhere "$BERTH" batch "$TMPDIR/wrong" --json
	[ "$status" -eq 2 ] && [ -z "$stdout" ] && [[ $stderr == "berth: line 4: "*"$2"* ]] &&
		equal 'invalid_input 4' "$(fault "concat_ws(' ', d->'error'->>'code', d->'error'->>'line')")" ||
		tests_show "2, line 4 and '$2'"
}
while IFS='|' read -r line text; do
	check "refused: $line" refused "$line" "$text"
done <<'END'
nothing|'nothing': no such verb
allocate|missing operand
allocate web two|unexpected operand
allocate web --hodler x|no such option
allocate web --count 0|--count
allocate web --wait|--wait: not in a line
allocate web -n|--dry-run: not in a line
allocate web --json|--json: not in a line
allocate web --csv|--csv: not in a line
allocate web -q|--quiet: not in a line
allocate web --timeout 1s|--timeout: not in a line
allocate web -d other|--dbname: not in a line
allocate web --read-only|--read-only: not in a line
allocate web --help|--help: not in a line
--json|a line of a batch begins with a verb
pool|a word is missing
pool list|pool list: not in a batch
lease show 11111111-1111-4111-8111-111111111111|lease show: not in a batch
label list pool/web|label list: not in a batch
queue list|queue list: not in a batch
worker|worker: not in a batch
doctor|doctor: not in a batch
migrate|migrate: not in a batch
batch x|batch: not in a batch
help|help: not in a batch
berth allocate web|'berth': no such verb
release --pool web|needs --yes
release pool/web|needs --yes
release 11111111-1111-4111-8111-111111111111 22222222-2222-4222-8222-222222222222|needs --yes
release x|not a UUID
pool import -|not in a line
pool import /nowhere/x|No such file
pool create b_d! --kind number|a name is letters
label pool/web -x|no such option
label pool/web x|label
allocate web --holder 'vm 17|quote ' is not closed
allocate web --holder "vm 17|quote " is not closed
allocate web \\|backslash at the end
allocate web \0000|NUL
# \0000|NUL
allocate web --holder \xff|not valid UTF-8
# \xff|not valid UTF-8
allocate web --id 1|--id
END
printf 'pool,kind,range\nweb,number,1\nweb,number,x\n' >"$TMPDIR/bad.csv"
check 'a file of ranges is read first, too' refused "pool import $TMPDIR/bad.csv" 'bad.csv", line 3: pool web: "x"'
check 'the first bad line is named' complains 2 'line 2: ' env PGHOST=/nowhere "$BERTH" batch - <<<$'allocate web\nallocate web --value -x\nnothing'
check 'a missing file is refused' complains 2 'No such file' berth batch /nowhere/x
check 'a missing operand is refused' complains 2 'missing operand' berth batch
check 'a reason that is too long' complains 2 'berth: reason' berth batch "$file" --reason "$(printf 'x%.0s' {1..1001})"
check 'nothing has changed' equal "$before" "$(fingerprint)"

# --- refused by the server ---------------------------------------------------------

# EXIT | CODE | LINE | LINES, after a line that would change something and a comment. A dry run does the same.
failed() {
	local exit=$1 code=$2 line=$3 dry
	shift 3
	printf 'allocate web\n# comment\n%b\nlabel pool/web never=1\n' "$1" >"$TMPDIR/wrong"
	for dry in -q -n; do
		run berth batch "$TMPDIR/wrong" $dry --json
		[ "$status" -eq "$exit" ] && [ -z "$stdout" ] && [[ $stderr == "berth: line $line: "* ]] &&
			equal "$code $line" "$(fault "concat_ws(' ', d->'error'->>'code', d->'error'->>'line')")" ||
			tests_show "$exit, $code in line $line" || return 1
	done
}
while IFS='|' read -r exit code line lines; do
	check "$code: $lines" failed "$exit" "$code" "$line" "$lines"
done <<END
4|not_found|3|allocate nope
4|not_found|4|\nrelease 99999999-9999-4999-8999-999999999999\nallocate nope
4|not_found|3|pool remove web 700
5|in_use|3|pool remove web 7
4|not_found|3|queue cancel 99999999-9999-4999-8999-999999999999
4|not_found|3|label resource/web/700 a=b
5|already_exists|3|pool create web --kind number --space other
5|overlap|4|pool add web 500\npool add web 500-501
5|in_use|3|pool delete web
5|in_use|3|pool remove web 1-100
5|conflict|4|allocate web --value 50\nallocate web --value 50
5|id_conflict|5|allocate web --id 99999999-9999-4999-8999-999999999999\n\nallocate spare --id 99999999-9999-4999-8999-999999999999
6|pool_exhausted|3|allocate one
6|pool_exhausted|3|allocate web --count 1000
6|limit_exceeded|3|label pool/spare $(printf 'k%s=1 ' {1..51})
2|invalid_input|3|allocate web --until 2001-01-01T00:00:00Z
2|invalid_input|3|allocate web --value 1000
2|invalid_input|3|pool add web 10.0.0.0/24
END
printf 'pool,kind,range,space\nweb,number,300,web\nweb,number,100-101,web\n' >"$TMPDIR/overlapping.csv"
check 'overlap of a file' failed 5 overlap 3 "pool import $TMPDIR/overlapping.csv"
check '... has the line in the file of ranges' equal 3 "$(fault "d->'error'->'detail'->'line'")"
check 'the error of a command keeps its cause' complains 2 'line 1: allocate: --until 2001-01-01T00:00:00Z is in the past' \
	berth batch - <<<'allocate web --until 2001-01-01T00:00:00Z'
check '... and its hint' complains 4 'hint: host1 has 2 slots: berth pool remove fresh host1:2' \
	berth batch - <<<'pool remove fresh host1'
check 'read-only' refuses read_only berth batch "$TMPDIR/twenty" --read-only
check 'without a server' refuses unavailable env PGHOST=/nowhere "$BERTH" batch "$TMPDIR/twenty"
check 'nothing has changed' equal "$before" "$(fingerprint)"

# --- output ------------------------------------------------------------------------

check 'an empty batch has an empty answer' equal '[]' "$(PGHOST=/nowhere berth batch /dev/null --json)"
check '... as CSV' equal $'line,command,answer\r' "$(PGHOST=/nowhere berth batch /dev/null --csv)"
check '... also one of comments' answers d '[]' env PGHOST=/nowhere "$BERTH" batch - --json <<<$'\n# a\n\t#'
check 'the last line may lack a line end' answers 'jsonb_array_length(d)' 1 berth batch - --json < <(printf 'allocate spare')
printf 'pool create words --kind number --space words 1-9\nallocate words --count 5\n\nlabel pool/words a=1 b=\nrelease %s\nannotate pool/spare\n' $lease >"$TMPDIR/told"
check 'a table' exits 0 berth batch "$TMPDIR/told"
check '... a line for each' equal 6 "$(wc -l <"$TMPDIR/stdout")"
check '... with a short answer' equal 'LINE COMMAND ANSWER
1 pool create words number
2 allocate ID words 1 active; ID words 2 active; ID words 3 active; 5 in all
4 label a 1
5 release ID release lease/ID queued
6 annotate -' "$(normal <"$TMPDIR/stdout" | tr -s ' ' | sed 's/^ //')"
check 'CSV has the answer as JSON' equal '4,label,"{""a"":""1"",""b"":""""}"' \
	"$(sed 's/words/more/g' "$TMPDIR/told" | berth batch - --csv -q | tr -d '\r' | grep '^4,')"
check 'foreign text does no harm' prints 'x ‹1B›[2J' env LC_ALL=C.UTF-8 "$BERTH" batch - < <(printf 'annotate pool/spare "x=\033[2J"')
check 'the reason of all, and of one' exits 0 berth batch - --reason all <<<$'annotate pool/web a=1\nannotate pool/web a=2 --reason mine\nrelease '$lease
check '... is kept' equal 'all mine all' "$(sql "select string_agg(why, ' ' order by n) from (
	(select seq as n, detail->>'reason' as why from berth.event where kind = 'pool' order by seq desc limit 2) union all
	(select seq, reason from berth.command order by seq desc limit 1)) r")"
printf 'pool,kind,range,space\nweb,number,100-101,web\nweb,number,400,web\n' >"$TMPDIR/overlapping.csv"
check 'a partly refused import exits 1' exits 1 berth batch - --json <<<"pool import $TMPDIR/overlapping.csv --on-conflict skip"
check '... with its counts' equal '1 1' "$(json "concat_ws(' ', d->0->'imported', d->0->'refused')")"

# --- many --------------------------------------------------------------------------

check 'a pool' exits 0 berth pool create large --kind number --space large 1-20000
for i in {1..10000}; do echo "allocate large --holder $i --label n=$((i % 7))"; done >"$TMPDIR/many"
check 'ten thousand lines' answers "concat_ws(' ', jsonb_array_length(d), d->0->>'value', d->9999->>'holder', d->9999->>'value')" '10000 1 10000 10000' \
	berth batch "$TMPDIR/many" --id $other --json
check '... again' answers "jsonb_array_length(jsonb_path_query_array(d, '\$[*] ? (@.replayed == true)'))" 10000 berth batch "$TMPDIR/many" --id $other --json
check '... once' equal 10000 "$(sql "select count(*) from berth.lease where pool = (select id from berth.pool where name = 'large')")"
before=$(fingerprint)
echo 'allocate nope' >>"$TMPDIR/many"
check '... and one that fails' complains 4 'line 10001: allocate: pool nope' berth batch "$TMPDIR/many"
check '... nothing has changed' equal "$before" "$(fingerprint)"
check 'doctor finds nothing' exits 0 berth doctor
