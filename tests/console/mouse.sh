#!/usr/bin/env bash
# The mouse in a real terminal: off at first, switched by the configuration and `:mouse`, and off afterwards.
. tests/lib.sh

export XDG_CONFIG_HOME=$TMPDIR/config
config=$XDG_CONFIG_HOME/berth/config
mkdir -p "${config%/*}"
umask 022
new_database
for name in a b c d e f; do
	berth -q pool create "pool-$name" --kind number "1-9" --space "$name" >"$TMPDIR/made"
done

say() {
	screen_type ":$1"
	screen_keys Enter
}
# reports N: the terminal reports the mouse (1), in the form of 1006, or not (0)
reports() {
	[ "$(tests_tmux display-message -p '#{mouse_standard_flag} #{mouse_sgr_flag}')" = "$1 $1" ]
}

screen_start 100 24 "$BERTH"
check 'it starts' screen_wait '^>.* pool-a'
check 'the mouse is off' reports 0
say 'mouse on'
check ':mouse on' wait_for reports 1
screen_type $'\033[<0;20;8M'
check 'a click moves the cursor' screen_wait '^>.* pool-d'
screen_type $'\033[<0;20;8m'
screen_type $'\033[<65;20;8M'
check 'the wheel scrolls down' screen_wait '^>.* pool-f'
screen_type $'\033[<64;20;8M'
check '... and up' screen_wait '^>.* pool-c'
screen_type $'\033[<0;6;4M'
check 'a click on a title sorts' screen_wait 'sort . name'
screen_type $'\033[<99;;;;;;;;;;;;;;;;;;;;;;;M'
screen_type $'\033[<0;20;6M'
check 'a wrong report is survived' screen_wait '^>.* pool-b'
say 'mouse off'
check ':mouse off' wait_for reports 0
say 'mouse maybe'
check 'another word is refused' screen_wait "neither on nor off"
screen_keys Escape
say 'mouse on'
check 'on again' wait_for reports 1
screen_keys q
check 'it ends' screen_ends 0
check '... with the mouse off' wait_for reports 0

echo 'mouse = on' >"$config"
screen_start 100 24 "$BERTH"
check 'it starts with the configuration' screen_wait '^>.* pool-a'
check '... with the mouse on' wait_for reports 1
kill -USR1 "$(screen_pid)"
check 'it dies by a signal' screen_ends 138
check '... with the mouse off' wait_for reports 0

# shellcheck disable=SC2016
screen_start 100 24 bash -ic '"$0"; echo "back $?"; read -r; fg' "$BERTH"
check 'in a shell' screen_wait '^>.* pool-a'
check '... the mouse is on' wait_for reports 1
screen_keys C-z
check 'suspended' screen_wait 'back'
check '... the mouse is off' wait_for reports 0
screen_keys Enter
check 'continued' screen_wait '^>.* pool-a'
check '... the mouse is on again' wait_for reports 1
screen_keys q
check 'it ends again' screen_ends 0
