#!/usr/bin/env bash
# The id of a batch stands for the words of its file, not for blanks, quotes and comments.
. tests/lib.sh
. tests/lib/answers.sh

file=$TMPDIR/batch
number=0
# Sets $id to an unused id.
fresh_id() {
	number=$((number + 1))
	id=$(printf '%08d-0000-4000-8000-000000000000' $number)
}

new_database
check 'a pool' exits 0 berth pool create web --kind number 1-1000
check 'another' exits 0 berth pool create spare --kind number --space spare 1-1000

# --- the same words ----------------------------------------------------------------

# The first is also tried as a dry run, and read-only.
options='--dry-run --read-only'
# FIRST | AGAIN, both as printf reads them: done once.
while IFS='|' read -r first again; do
	fresh_id
	check "sent: $first" exits 0 berth batch - --id "$id" --json <<<"$(printf "$first")"
	check '... for the first time' test "${stderr#*this batch was done}" = "$stderr"
	sent=$(json "jsonb_path_query_array(d, '\$[*].id')")
	after=$(fingerprint)
	for option in '' $options; do
		# shellcheck disable=SC2086
		check "again ${option:-as it is}: $again" exits 0 berth batch - --id "$id" --json $option <<<"$(printf "$again")"
		check '... with the time of the first one' grep -q 'this batch was applied at 20' "$TMPDIR/stderr"
		check '... is answered as it was' equal "$sent" "$(json "jsonb_path_query_array(d, '\$[*].id')")"
		check '... marked as a replay' equal '[true]' "$(json "(select jsonb_agg(distinct r) from jsonb_path_query(d, '\$.**.replayed') r)")"
		check '... and changes nothing' equal "$after" "$(fingerprint)"
	done
	options=
done <<'END'
allocate web\nallocate web --holder a|allocate web\nallocate web --holder a
allocate web\nallocate web --holder a|# now with a comment\n\nallocate web # one\n\t\nallocate web --holder a
# a\n# b\nallocate web\n\nallocate spare|allocate web\nallocate spare
\nallocate web\nallocate spare\n\n\nallocate spare|allocate web\n\n\n\nallocate spare\nallocate spare
allocate web --holder "vm 17"|  allocate\tweb --holder 'vm 1'7
pool add web 2000-2001\nallocate web --count 3|#\npool add web 2000-2001\n#\nallocate web --count 3
END

# --- other words -------------------------------------------------------------------

options='--dry-run --read-only'
# FIRST | OTHER: refused whole.
while IFS='|' read -r first other; do
	fresh_id
	check "sent: $first" exits 0 berth batch - --id "$id" --json <<<"$(printf "$first")"
	check '... for the first time' test "${stderr#*this batch was done}" = "$stderr"
	after=$(fingerprint)
	for option in '' $options; do
		# shellcheck disable=SC2086
		check "other content ${option:-as it is}: $other" refuses id_conflict berth batch - --id "$id" $option <<<"$(printf "$other")"
		check '... names both, and no line' equal 'batch|batch|batch|' \
			"$(fault "concat_ws('|', d->'error'->>'step', d->'error'->'detail'->'existing'->>'action', d->'error'->'detail'->'asked'->>'action',
				coalesce(d->'error'->>'line', ''))")"
		check '... and changes nothing' equal "$after" "$(fingerprint)"
	done
	options=
done <<'END'
allocate web|allocate web\nallocate web
allocate web\nallocate web|allocate web
allocate web\nallocate spare|allocate spare\nallocate web
allocate web --holder a|allocate web --holder b
allocate web --holder a|allocate web
allocate web --for 1h|allocate web --for 2h
annotate pool/web "a=b" "c=d"|annotate pool/web "a=bc=d"
annotate pool/web "a=b c=d"|annotate pool/web a=b c=d
allocate web|allocate web --holder ''
label pool/web a=1|pool add web 3000
allocate web|label pool/spare a=1
END
check 'the message tells the reason' complains 5 "id $id was used for batch file, now batch file with other content was asked for" \
	berth batch - --id "$id" <<<'allocate spare'

# --- other requests with that id ---------------------------------------------------

check 'an allocation with the id of a batch' refuses id_conflict berth allocate web --id "$id"
check 'a command with it' refuses id_conflict berth release pool/web --yes --id "$id"
check 'a label with it' refuses id_conflict berth label pool/web b=1 --id "$id"
check 'a pool with it' refuses id_conflict berth pool create new --kind host --id "$id"
fresh_id
check 'a lease' exits 0 berth allocate web --id "$id"
check 'a batch with the id of a lease' refuses id_conflict berth batch - --id "$id" <<<'allocate web'
fresh_id
check 'a label' exits 0 berth label pool/web a=2 --id "$id"
check 'a batch with the id of a label' refuses id_conflict berth batch - --id "$id" <<<'label pool/web a=2'

# --- a failed batch does not use its id --------------------------------------------

fresh_id
check 'a batch that fails' complains 4 'line 1: allocate: pool nope does not exist' berth batch - --id "$id" <<<'allocate nope'
check 'a dry run' exits 0 berth batch - --id "$id" -n <<<'allocate web --holder dry'
check '... both leave their id free' exits 0 berth batch - --id "$id" <<<'allocate spare'

# --- batches from before digests ---------------------------------------------------

fresh_id
printf '# one\n\nallocate web\nallocate web --count 2\n' >"$file"
check 'a batch' exits 0 berth batch "$file" --id "$id" --json
sent=$(json 'jsonb_build_array(d->0->'\''id'\'', d->1->0->'\''id'\'', d->1->1->'\''id'\'')')
sql "delete from berth.request where id = '$id'"
leases=$(sql 'select count(*) from berth.lease')
check 'a read-only repeat stores no id' exits 0 berth batch "$file" --id "$id" --json --read-only
check '... is answered as it was' equal "$sent" "$(json 'jsonb_build_array(d->0->'\''id'\'', d->1->0->'\''id'\'', d->1->1->'\''id'\'')')"
check '... and repeated it is kept' exits 0 berth batch "$file" --id "$id" --json
check '... and nothing is taken' equal "$leases" "$(sql 'select count(*) from berth.lease')"
check '... then other content is refused' refuses id_conflict berth batch - --id "$id" <<<'allocate web'

# --- at once -----------------------------------------------------------------------

# Two files under one id, six times each, all at once: one file applies once; senders of the other one are
# refused.
fresh_id
for i in {1..5}; do printf 'allocate web --holder one%s\n' "$i"; done >"$TMPDIR/one"
for i in {1..5}; do printf '# moved\nallocate web --holder two%s\n' "$i"; done >"$TMPDIR/two"
crowd() {
	local pids=() codes=() i name
	for i in {1..6}; do
		for name in one two; do
			"$BERTH" batch "$TMPDIR/$name" --id "$id" -q --json >"$TMPDIR/crowd.$name$i" 2>&1 &
			pids+=($!)
		done
	done
	for i in "${pids[@]}"; do
		wait "$i"
		codes+=($?)
	done
	equal '6 0|6 5' "$(printf '%s\n' "${codes[@]}" | sort | uniq -c | awk '{ print $1, $2 }' | paste -sd'|')"
}
check 'two files under one id at once' crowd
check '... one of them is done, once' equal '5 1' \
	"$(sql "select count(*) || ' ' || count(distinct left(holder, 3)) from berth.lease where holder ~ '^(one|two)'")"

# --- the step of an error is the verb ----------------------------------------------

fails_in() {
	run berth batch - --json <<<"$2"
	[ "$status" -ne 0 ] && equal "$1" "$(fault "d->'error'->>'step'")" || tests_show "failure in step $1"
}
# STEP | LINE
while IFS='|' read -r step line; do
	check "fails in step $step: $line" fails_in "$step" "$line"
done <<'END'
allocate|allocate nope
allocate|allocate web --count 0
pool add|pool add web 1
release|release 99999999-9999-4999-8999-999999999999
label|label pool/nope a=b
project create: project acme/a|project create acme/a
END
check 'the message names a step once' complains 4 'line 1: project create: project acme/a: organization acme does not exist' \
	berth batch - <<<'project create acme/a'
check 'an organization' exits 0 berth org create acme
check '... also for the pool of a project' complains 5 'line 1: project create: pool web exists already' berth batch - <<<'project create acme/a --pool web=7'
check 'doctor finds nothing' exits 0 berth doctor
