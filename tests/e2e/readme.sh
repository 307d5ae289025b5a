#!/usr/bin/env bash
# README.md: its commands work in the order in which they are printed, with the answers that it shows.
. tests/lib.sh

unset XDG_DATA_HOME "${!PG@}"
export HOME=$TMPDIR/home
mkdir "$HOME"

# Ids that a command names are compared; times and other ids differ in each run.
id='[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
keep=$(sed -n 's/^\$ //p' README.md | grep -oE "$id" | sort -u | sed 's/.*/s|&|\U&|g/')

comparable() {
	sed -E "$keep"';s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z/TIME/g; s/[[:space:]]+$//'";s/$id/ID/g"
}

# matches EXPECTED ACTUAL: line by line; "..." stands for any lines.
matches() {
	local expected actual line at=0 gap=
	mapfile -t expected < <(comparable <<<"$1")
	mapfile -t actual < <(comparable <<<"$2")
	for line in "${expected[@]}"; do
		if [ "$line" = ... ]; then
			gap=yes
			continue
		fi
		while [ -n "$gap" ] && [ "$at" -lt ${#actual[@]} ] && [ "${actual[at]}" != "$line" ]; do
			at=$((at + 1))
		done
		if [ "${actual[at]-}" != "$line" ]; then
			printf 'no line: %s\nin:\n%s\n' "$line" "$2"
			return 1
		fi
		at=$((at + 1))
		gap=
	done
	if [ -z "$gap" ] && [ "$at" -lt ${#actual[@]} ]; then
		printf 'not shown in README.md: %s\n' "${actual[at]}"
		return 1
	fi
}

# answers_as_printed COMMAND EXPECTED: runs it in this shell; it must succeed.
answers_as_printed() {
	local code=0 command=$1
	eval "${command/\$PWD\/build/$BERTH_BUILD}" >"$TMPDIR/answer" 2>&1 </dev/null || code=$?
	equal 0 "$code" && matches "$2" "$(<"$TMPDIR/answer")"
}

# The commands are found by PATH.
unset -f berth
commands=0 command= expected=
tell() {
	if [ -n "$command" ]; then
		check "$command" answers_as_printed "$command" "${expected%$'\n'}"
		commands=$((commands + 1))
	fi
	command=$1 expected=
}
while IFS= read -r line; do
	case $line in
	'$ '*) tell "${line#'$ '}" ;;
	*) expected+=$line$'\n' ;;
	esac
done < <(sed -n '/^```console$/,/^```$/{/^```/d;p}' README.md)
tell ''
check 'there are commands' test "$commands" -gt 30
# The first two are what .ci/run does; those of the installation are tested by install.sh and tests/package.
check 'no other block has commands' equal $'make\nmake\nmake\nsudo\nmake\nsudo' \
	"$(sed '/^```/,/^```$/d' README.md | sed -n 's/^    \([a-z][^ ]*\).*/\1/p')"

# --- the screen ---------------------------------------------------------------

screen=$(awk '/^<!-- screen -->$/ { on = 1 } on && /^```$/ { fences++; next } fences == 1 { print }' README.md)
frame() {
	sed -n '2p;4p;$p' <<<"$1"
}
check 'the screen of the demo' exits 0 assets/screen "$BERTH"
check '... has the frame that README.md shows' equal "$(frame "$screen")" "$(frame "$stdout")"
