#!/usr/bin/env bash
# The runner of documents finds what is wrong in one.
. tests/lib.sh
. tests/lib/transcript.sh

# outcome DOCUMENT: prints "ok" or "not ok" for each check of a document, which is run in a shell of its own
outcome() {
	printf '%s\n' "$1" >"$TMPDIR/document"
	(transcript "$TMPDIR/document") | grep -oE '^(not )?ok' | tr '\n' ' '
}
# block LINES...: a block of commands
block() {
	printf '```console\n'
	printf '%s\n' "$@"
	printf '```\n'
}
a=11111111-1111-4111-8111-111111111111
b=22222222-2222-4222-8222-222222222222
transcript_stands /printed "$TMPDIR"

while IFS='|' read -r what expected lines; do
	mapfile -t lines < <(tr '~' '\n' <<<"$lines")
	check "$what" equal "$expected " "$(outcome "$(block "${lines[@]}")")"
done <<END
an answer|ok|$ echo a; echo b~a~b
another one|not ok|$ echo a~b
a line that is not shown|not ok|$ echo a; echo b~a
a line that is missing|not ok|$ echo a~a~b
lines that are left out|ok|$ seq 9~1~...~8~...
a line after them that is missing|not ok|$ seq 9~...~10~...
a command that fails|not ok|$ false
standard error|ok|$ echo a >&2~a
two commands|ok not ok|$ x=1~$ echo \$x~2
any id|ok|$ uuidgen~$b
any time|ok|$ echo 2026-11-30T14:17:15.123456Z~2027-01-01T00:00:00Z
the id of a command|ok|$ echo $a~$a
another id than that of a command|not ok|$ echo $a | tr 1 2~$a
another answer beside an id|not ok|$ echo $a; echo x~$a~y
END
check 'a text stands for another, both ways' equal 'ok ' "$(outcome "$(block '$ echo /printed/x; test -d /printed' /printed/x)")"
check 'a file is written' equal 'ok ok ' "$(outcome "$(printf '```ini /printed/file\na = b\n```\n'; block '$ cat /printed/file' 'a = b')")"
check 'a block without an end' equal 'not ok ' "$(outcome '```text')"
