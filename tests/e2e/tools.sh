#!/usr/bin/env bash
# Every program that tests and scripts call comes with a package of assets/setup, or with every Debian.
. tests/lib.sh

# Prints the words of a script in the place of a command, except for those in quotes on one line.
commands_of() {
	sed -E "s/(^|[[:space:]])#.*//; s/\"[^\"$]*\"//g; s/'[^']*'//g" "$@" |
		grep -oE '(^[[:space:]]*@?|[|;&!(`][[:space:]]*|\<(then|do|else|exec|if|elif|while|until|env|xargs( -[^ ]+)*|timeout|quietly)[[:space:]]+)[a-zA-Z][a-zA-Z0-9_.+-]*' |
		grep -oE '[a-zA-Z0-9_.+-]+$' | sort -u
}
# Prints those that are no words of the shell, that exist on this machine as programs, and that the list lacks.
strangers() {
	local list=$1 word
	shift
	commands_of "$@" | grep -vxF "$(compgen -b -k)" | while IFS= read -r word; do
		PATH=$BERTH_TEST_PATH type -P "$word" >/dev/null && ! grep -q "/${word//./[.]}\$" "$TMPDIR/list.$list" && echo "$word"
	done
	true
}
for list in check ha lint package fuzz memcheck; do
	check "assets/setup has the list: $list" exits 0 tests/tools $list
	echo "$stdout" >"$TMPDIR/list.$list"
done

check 'the tests have the programs of the list' grep -q "^$BERTH_TEST_DIR/tools\$" <(tr : '\n' <<<"$PATH")
for tool in bash sed awk psql tmux localedef make git cc; do
	check "... $tool" test -x "$BERTH_TEST_DIR/tools/$tool"
done
check '... and no others' equal '' "$(comm -23 <(ls "$BERTH_TEST_DIR/tools") <(sed 's|.*/||' "$TMPDIR/list.check" | sort -u))"

scripts=(.ci/run assets/setup assets/dist tests/tools tests/run tests/evidence tests/fuzz/run tests/lib.sh tests/lib/*.sh)
check 'scripts call what is in the list' equal '' "$(strangers check "${scripts[@]}")"
check 'that of memcheck calls what is in its' equal '' "$(strangers memcheck tests/memcheck)"
check 'those of packages call what is in theirs' equal '' "$(strangers package assets/package tests/package)"
check 'those of the cluster too' equal '' "$(strangers ha tests/ha/ha tests/ha/nodes.sh)"
check 'the Makefile too' equal '' "$(strangers lint Makefile)"

# A self-test: it finds a script that calls a program only in the linters' list.
mkdir "$TMPDIR/bin"
printf '#!/bin/sh\n' >"$TMPDIR/bin/foreign-tool"
chmod +x "$TMPDIR/bin/foreign-tool"
BERTH_TEST_PATH=$TMPDIR/bin:$BERTH_TEST_PATH
for line in 'foreign-tool -x' 'echo | foreign-tool' 'a=$(foreign-tool)' 'if ! foreign-tool; then' '	@foreign-tool && true'; do
	echo "$line" >"$TMPDIR/script"
	check "found: $line" equal foreign-tool "$(strangers check "$TMPDIR/script")"
done
check 'a test does not find it' exits 127 foreign-tool
