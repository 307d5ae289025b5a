#!/usr/bin/env bash
# README.md: its commands work in the order in which they are printed, with the answers that it shows.
. tests/lib.sh
. tests/lib/transcript.sh

unset XDG_DATA_HOME "${!PG@}"
export HOME=$TMPDIR/home
mkdir "$HOME"

# The commands are found by PATH.
unset -f berth
transcript_stands '$PWD/build' "$BERTH_BUILD"
transcript README.md
check 'there are commands' test "$transcript_commands" -gt 30
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
