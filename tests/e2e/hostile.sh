#!/usr/bin/env bash
# Foreign text: a terminal gets marks for any content, and programs get the exact value.
. tests/lib.sh
. tests/lib/answers.sh

new_database
berth -q pool create web --kind ipv4 10.0.0.0/24 >"$TMPDIR/made"

# No control character other than our line feeds, and nothing that reverses or hides text.
# shellcheck disable=SC2016
harmless() {
	local file
	for file in "$@"; do
		LC_ALL=C grep -naP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xc2\xad|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xf3\xa0' \
			"$file" && return 1
	done
	return 0
}

shown() {
	local mark=$1
	shift
	run "$@"
	[ "$status" -eq 0 ] && harmless "$TMPDIR/stdout" "$TMPDIR/stderr" && [[ $stdout == *"$mark"* ]] &&
		! grep -q '^forged' "$TMPDIR/stdout" || tests_show "0 and '$mark'"
}

complained() {
	local mark=$1
	shift
	run "$@"
	[ "$status" -eq 2 ] && harmless "$TMPDIR/stderr" && [[ $stderr == *"$mark"* ]] &&
		! grep -q '^forged' "$TMPDIR/stderr" || tests_show "2 and '$mark'"
}

# Runs a command; exit code 1, by which a check reports findings, counts as success.
tolerant() {
	"$@" || [ $? -eq 1 ]
}

number=0
while IFS='|' read -r what text mark ascii; do
	number=$((number + 1))
	id=$(printf '%08d-0000-4000-8000-000000000000' "$number")
	eval "text=$text"
	check "$what: table" shown "$mark" berth allocate web --id "$id" --holder "$text" --reason "$text"
	check "$what: list" shown "$mark" berth lease list
	check "$what: history" shown "$mark" berth lease show "$id"
	check "$what: ASCII" shown "$ascii" berth lease show "$id" --ascii
	check "$what: another locale" shown "$ascii" env LC_ALL=C "$BERTH" lease show "$id"
	check "$what: JSON has it exactly" answers "d->>'holder' = convert_from('\\x$(printf %s "$text" | od -An -tx1 | tr -d ' \n')', 'UTF8')" t \
		berth lease show "$id" --json
	check "$what: JSON is one line without controls" equal 1 "$(berth lease show "$id" --json | tr -d '\177' |
		LC_ALL=C grep -cav '[[:cntrl:]]')"
	check "$what: CSV has it exactly" grep -qaF -- "${text//$'\n'*/}" <(berth lease show "$id" --csv)
	check "$what: found by it" answers 'jsonb_array_length(d)' 1 berth lease list --holder "$text" --json
	check "$what: the reason is kept exactly" equal t "$(sql "select (detail->>'reason') = holder from berth.lease where id = '$id'")"
	check "$what: as a reason" shown "$mark" berth release "$id" --reason "$text"
	check "$what: in the queue" shown "$mark" berth queue list --target lease/"$id"
	check "$what: exactly in JSON" answers "d->0->>'reason' = convert_from('\\x$(printf %s "$text" | od -An -tx1 | tr -d ' \n')', 'UTF8')" t \
		berth queue list --target lease/"$id" --json
	check "$what: in a plan" shown "$mark" berth release "$id" -n
	check "$what: named in an error" complained "$mark" berth pool show "$text"
	check "$what: as a command" complained "$mark" berth "$text"
	check "$what: as an option's value" complained "$mark" berth allocate web --for "$text"
	check "$what: as a file" complained "$mark" berth pool import "$text"
	printf 'pool,kind,range\n"%s",number,1\n' "$text" >"$TMPDIR/hostile.csv"
	check "$what: in a file" complained "$mark" berth pool import "$TMPDIR/hostile.csv"
	check "$what: in a file, skipped" exits 1 berth pool import "$TMPDIR/hostile.csv" --on-conflict skip
	check "$what: ... shown with marks" harmless "$TMPDIR/stdout" "$TMPDIR/stderr"
	check "$what: ... exact in JSON" answers "d->'rows'->0->>'pool' = convert_from('\\x$(printf %s "$text" | od -An -tx1 |
		tr -d ' \n')', 'UTF8')" t tolerant berth pool import "$TMPDIR/hostile.csv" --on-conflict skip --json
done <<'END'
ESC|$'a\e[31mb\e]0;title\a'|a‹1B›[31mb‹1B›]0;title‹07›|a<1B>[31mb<1B>]0;title<07>
C1|$'a\u009b31mb'|a‹9B›31mb|a<9B>31mb
bidi|$'a\u202eb\u2066c'|a‹202E›b‹2066›c|a<202E>b<2066>c
zero width|$'a\u200bb\ufeffc\u00add'|a‹200B›b‹FEFF›c‹AD›d|a<200B>b<FEFF>c<AD>d
newline|$'a\nforged next line'|a‹0A›forged|a<0A>forged
carriage return|$'a\rb'|a‹0D›b|a<0D>b
tab and DEL|$'a\tb\x7fc'|a‹09›b‹7F›c|a<09>b<7F>c
tags|$'a\U000e0041b'|a‹E0041›b|a<E0041>b
separators|$'a\u2028b\u2029c'|a‹2028›b‹2029›c|a<2028>b<2029>c
END

check 'blanks at the ends are seen' shown 'holder      ‹20›a‹20›' berth allocate web --holder ' a '
check 'text of the server too' complains 3 'a‹1B›[31m' berth -d $'dbname=\'a\e[31m\'' pool list
check 'and is harmless' harmless "$TMPDIR/stderr"
