#!/usr/bin/env bash
# Themes on a real terminal: of the configuration, of --theme, of :theme, of the user's own files, and none.
. tests/lib.sh

export XDG_CONFIG_HOME=$TMPDIR/config
config=$XDG_CONFIG_HOME/berth/config
mkdir -p "${config%/*}/themes"
new_database
berth -q pool create web --kind number 1-9 >"$TMPDIR/made"

# tests_styled REGEX: a line of the screen with its escape sequences matches
tests_styled() {
	screen_styled | grep -qE -- "$1"
}
styled() {
	wait_for tests_styled "$1" || {
		printf 'waited for: %s\n' "$1"
		screen_styled | cat -v
		return 1
	}
}
say() {
	screen_type ":$1"
	screen_keys Enter
}
esc=$'\033'

screen_start 160 24 "$BERTH"
check 'the theme is dark without a configuration' styled "$esc\\[36m▸"
say 'theme colourblind'
check ':theme changes it' styled "$esc\\[38;5;74m▸"
say 'theme drak'
check 'an unknown theme is told' screen_wait 'theme "drak" does not exist; did you mean "dark"\?'
say 'theme mono'
check 'mono has no colours' wait_for eval '! tests_styled "$esc\\[[0-9;]*3[0-8]"'
printf 'accent = 200\n' >"${config%/*}/themes/mine"
say 'theme mine'
check "the user's own theme" styled "$esc\\[38;5;200m▸"
printf 'accent = pink\n' >"${config%/*}/themes/mine"
say 'theme mine'
check '... whose fault is told by line' screen_wait 'mine:1: accent: neither a colour'
screen_keys q
check 'it ends well' screen_ends 0

echo 'theme = light' >"$config"
screen_start 80 24 "$BERTH"
check 'the theme of the configuration' styled "$esc\\[38;5;24m▸"
screen_keys q
check 'it ends' screen_ends 0
screen_start 80 24 "$BERTH" --theme colourblind
check '--theme wins over it' styled "$esc\\[38;5;74m▸"
screen_keys q
check 'it ends too' screen_ends 0
NO_COLOR=1 screen_start 80 24 "$BERTH" --theme light
check 'NO_COLOR wins over every theme' screen_wait '^>.* web'
check '... and has no colours' wait_for eval '! tests_styled "$esc\\[[0-9;]*3[0-8]"'
check "... but the cursor's row is reversed" styled "$esc\\[[0-9;]*7m>"
screen_keys q
check 'it ends as well' screen_ends 0

echo 'theme = drak' >"$config"
screen_start 80 24 "$BERTH"
check 'a wrong theme of the configuration' screen_ends 2
check '... is told' screen_wait 'theme "drak" does not exist'
