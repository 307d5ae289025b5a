#!/usr/bin/env bash
# The id of a request stands for its content, not for its spelling; also when an earlier version has stored it.
. tests/lib.sh
. tests/lib/answers.sh

new_database
number=0
fresh_id() {
	number=$((number + 1))
	id=$(printf '%08d-0000-4000-8000-000000000000' $number)
}
# An answer and its replay differ only in the mark of a replay.
plain() {
	sed 's/"replayed":[a-z]*//g' <<<"$stdout"
}
printf 'pool,kind,range,labels\nin,number,1-9,a=1;b=2\nin,number,20,\n' >"$TMPDIR/a.csv"
printf 'kind,pool,labels,range\n\nnumber,in,b=2;a=1,01-9\n\n\n"number",in,,20-20\n' >"$TMPDIR/b.csv"
printf 'pool,kind,range,labels\nin,number,20,\nin,number,1-9,a=1;b=2\n' >"$TMPDIR/c.csv"
check 'a pool' exits 0 berth pool create web --kind ipv4 10.0.0.0/24
check 'hosts' exits 0 berth pool create rack --kind host
check 'a lease' exits 0 berth allocate web --id 99999999-0000-4000-8000-000000000000
check 'a release that is queued' exits 0 berth release 99999999-0000-4000-8000-000000000000 --id 99999998-0000-4000-8000-000000000000 --grace 1h

# FIRST | THE SAME IN ANOTHER SPELLING | ANOTHER
while IFS='|' read -r first same other; do
	fresh_id
	eval "set -- $first"
	check "first: $first" exits 0 berth "$@" --id "$id" --json
	answer=$(plain)
	after=$(fingerprint)
	eval "set -- $same"
	check "the same: $same" exits 0 berth "$@" --id "$id" --json
	check '... has the same answer' equal "$answer" "$(plain)"
	check '... and changes nothing' equal "$after" "$(fingerprint)"
	eval "set -- $other"
	check "another: $other" refuses id_conflict berth "$@" --id "$id"
	check '... with the way out' grep -q '"hint":"[^"]*--id' "$TMPDIR/stderr"
done <<'END'
pool create a --kind ipv4 10.1.0.0/24 10.2.0.5|pool create a --kind=ipv4 10.1.0.0-10.1.0.255 10.2.0.5/32 --space global|pool create a --kind ipv4 10.1.0.0/24 10.2.0.4/31
pool create b --kind ipv6 fd00::/64 --ttl 2h|pool create b --kind ipv6 FD00:0::0/64 --ttl 120m|pool create b --kind ipv6 fd00::/64 --ttl 2h --reuse-delay 2h
pool create c --kind host --activate-hook up|pool create c --kind host --activate-hook up --warn 80|pool create c --kind host --release-hook up
pool add web 10.3.0.5 10.3.1.0/25|pool add pool/web 10.3.0.5/32 10.3.1.0-10.3.1.127|pool add web 10.3.1.0/25 10.3.0.5
pool add rack host1|pool add rack host1:1|pool add rack host2
pool remove web 10.3.0.5|pool remove web 10.3.0.5/32|pool remove web 10.3.1.0/25
pool import "$TMPDIR/a.csv"|pool import "$TMPDIR/b.csv"|pool import "$TMPDIR/c.csv"
pool import "$TMPDIR/a.csv"|pool import "$TMPDIR/b.csv" --on-conflict abort|pool import "$TMPDIR/a.csv" --on-conflict skip
label pool/web a=1 b=2 c-|label pool/web c- b=2 a=1|label pool/web a=1 b=2
annotate pool/web 'a=x y' b=z|annotate pool/web b=z 'a=x y'|annotate pool/web a=x 'b=y z'
org create acme --max-projects 7|org create org/acme --max-projects 07|org create acme
org limit acme --max-projects none|org limit org/acme --max-projects none|org limit acme --max-projects 0
project create acme/x --pool p=501-509,520 --label a=1 --label b=2|project create acme/x --pool p=0501-509,520-520 --label b=2 --label a=1|project create acme/x --pool p=501-509 --pool q=520 --label a=1 --label b=2
extend lease/99999999-0000-4000-8000-000000000000 --until 2999-01-01T00:00:00Z|extend 99999999-0000-4000-8000-000000000000 --until 2999-01-01T01:00:00+01:00|extend 99999999-0000-4000-8000-000000000000 --for 1h
release --pool web -l 'a in (1, 2)' --yes|release --pool pool/web -l 'a in (1,2)' --yes|release --pool web -l 'a in (1)' --yes
END

# --- as stored by an earlier version -----------------------------------------------

# The digests of that version, in place of the present ones.
check 'earlier digests of pools' sql "update berth.request r set digest = md5(jsonb_build_array(p.kind, 'global', p.warn, p.crit, p.ttl, p.reuse_delay,
	p.activate_hook, p.release_hook, '[]'::jsonb)::text || '') from berth.pool p where p.id = r.id and p.name = 'c'"
check '... are known' answers "d->>'replayed'" true berth pool create c --kind host --activate-hook up --id 00000003-0000-4000-8000-000000000000 --json
check '... and others refused' refuses id_conflict berth pool create c --kind host --id 00000003-0000-4000-8000-000000000000
fresh_id
printf 'pool,kind,range\nold,number,40\n' >"$TMPDIR/old.csv"
check 'an import' exits 0 berth pool import "$TMPDIR/old.csv" --id "$id"
check 'its earlier digest' sql "update berth.request set digest = md5(
	'[{\"line\": 2, \"pool\": \"old\", \"kind\": \"number\", \"space\": \"global\", \"name\": \"40\", \"first\": 40, \"last\": 40, \"host\": \"\", \"labels\": {}}]'::jsonb::text || false)
	where id = '$id'"
check '... is known' answers "d->'imported'" 1 berth pool import "$TMPDIR/old.csv" --id "$id" --json
check '... and another one refused' refuses id_conflict berth pool import "$TMPDIR/a.csv" --id "$id"
check 'an earlier command' sql "update berth.command set arguments = arguments || jsonb_build_object('sent', md5(concat_ws(' ', 'release',
	'[{\"kind\": \"lease\", \"id\": \"99999999-0000-4000-8000-000000000000\"}]'::jsonb, null::timestamp, null::bigint)), 'asked', '{}'::jsonb)
	where id = '99999998-0000-4000-8000-000000000000'"
check '... is known' answers "d->>'replayed'" true berth release 99999999-0000-4000-8000-000000000000 --id 99999998-0000-4000-8000-000000000000 --json

# Texts that a concatenation does not distinguish.
while IFS='|' read -r one another; do
	check "told apart: $one and $another" equal t "$(sql "select berth.digest(jsonb_build_array($one)) <> berth.digest(jsonb_build_array($another))")"
done <<'END'
'a b', 'c'|'a', 'b c'
'a', null, 'b'|'a', 'b', null
null|''
'a', 1|'a', '1'
'a'|'a', null
END
check 'doctor finds nothing' exits 0 berth doctor
