#!/usr/bin/env bash
# The terminal: any size, no colour, no UTF-8, and restored at the end.
. tests/lib.sh

new_database
berth -q pool create edge --kind number 0-99 >"$TMPDIR/made"
berth -q allocate edge --count 60 --holder web >>"$TMPDIR/made"

screen_start 120 40 "$BERTH"
check 'a wide terminal shows the detail beside the list' screen_wait '│ 60 of 100 held, 40 free'
for size in '80 24' '44 12' '20 5' '3 2' '1 1' '200 60'; do
	# shellcheck disable=SC2086
	screen_resize $size
done
check 'it survives any size' screen_wait '^>.. *edge .* 60%'
screen_resize 44 12
check 'it fits a small terminal' screen_wait '^>.. *edge +40 +60%'
check 'by SIGTERM it ends with 143' kill -TERM "$(screen_pid)"
check 'with that code' screen_ends 143

screen_start 80 24 "$BERTH"
check 'it starts again' screen_wait '^>.. *edge'
check 'by SIGHUP it ends' kill -HUP "$(screen_pid)"
check 'with 129' screen_ends 129

screen_start 80 24 "$BERTH"
check 'it starts once more' screen_wait '^>.. *edge'
screen_stop
check 'a terminal that goes away ends it with 129, too' screen_ends 129

# The first of two terminals ends last, and with another code.
# shellcheck disable=SC2016
screen_start 80 24 bash -c 'trap "" HUP; echo first; read -r
	until [ -e "$TMPDIR/second" ]; do sleep 0.02; done; exit 1'
check 'a program that outlives its terminal' screen_wait '^first'
wrapper=$(tests_tmux display-message -p '#{pane_pid}')
screen_start 80 24 bash -c 'echo second; read -r'
check 'and another one' screen_wait '^second'
touch "$TMPDIR/second"
ended() {
	! grep -qs . "/proc/$1/cmdline"
}
check 'one ends' wait_for ended "$wrapper"
screen_keys Enter
check 'its end is not taken for that of the other' screen_ends 0

# shellcheck disable=SC2016
screen_start 80 24 bash -c 'stty -g >"$TMPDIR/before"; "$BERTH"; echo left $?; stty -g >"$TMPDIR/after"; read -r'
check 'it starts in a shell' screen_wait '^>.. *edge'
screen_keys q
check 'the console ends' screen_wait '^left 0'
check 'the modes are as they were' wait_for cmp -s "$TMPDIR/before" "$TMPDIR/after"
check 'the screen is restored' screen_wait_gone 'edge'

# shellcheck disable=SC2016
screen_start 80 24 bash --norc -i
check 'a shell with jobs' screen_wait '[#$] *$'
screen_type "$BERTH"
screen_keys Enter
check 'it runs as a job' screen_wait '^>.. *edge'
screen_keys C-z
check 'Ctrl-Z suspends it' screen_wait 'Stopped'
screen_type 'fg'
screen_keys Enter
check 'fg continues it' screen_wait '^>.. *edge'
screen_keys q
check 'q returns to the shell' screen_wait_gone 'edge'
screen_type 'exit'
screen_keys Enter
check 'the shell still works' screen_ends 0

# However it ends, the terminal is restored, and the parent gets the right exit code. Only here the sanitizer
# leaves two signals to the program, which it would end in its own way.
# shellcheck disable=SC2016
for end in 'QUIT 131' 'USR1 138' 'ABRT 134' 'SEGV 139' 'ALRM 142'; do
	rm -f "$TMPDIR"/before "$TMPDIR"/after "$TMPDIR/pid"
	ASAN_OPTIONS=${ASAN_OPTIONS-}:handle_segv=0:handle_abort=0 screen_start 80 24 bash -c 'ulimit -c 0; stty -g >"$TMPDIR/before"; bash -c '\''echo $$ >"$TMPDIR/pid"; exec "$BERTH"'\''; echo left $?; stty -g >"$TMPDIR/after"; read -r'
	check "before SIG${end% *}" screen_wait '^>.. *edge'
	kill "-${end% *}" "$(<"$TMPDIR/pid")"
	check "... it ends with ${end#* }" screen_wait "^left ${end#* }"
	check '... the modes are as they were' wait_for cmp -s "$TMPDIR/before" "$TMPDIR/after"
	check '... the screen is restored' screen_wait_gone 'edge'
	check '... and so is the cursor' equal 1 "$(tests_tmux display-message -p '#{cursor_flag}')"
done

# A question for a password does not leave a terminal without echo.
# shellcheck disable=SC2016
for key in 'C-c 130' 'C-\ 131'; do
	rm -f "$TMPDIR"/before "$TMPDIR"/after
	screen_start 80 24 bash -c 'ulimit -c 0; trap : INT QUIT; stty -g >"$TMPDIR/before"; "$BERTH" -W pool list; echo left $?; stty -g >"$TMPDIR/after"; read -r'
	check 'a password is requested' screen_wait '^Password:'
	screen_keys "${key% *}"
	check "... ${key% *} ends it" screen_wait "^left ${key#* }"
	check '... the modes are as they were' wait_for cmp -s "$TMPDIR/before" "$TMPDIR/after"
done
screen_start 80 24 bash --norc -i
check 'a shell with jobs again' screen_wait '[#$] *$'
screen_type "$BERTH -W pool list"
screen_keys Enter
check 'it refreshes' screen_wait '^Password:'
screen_keys C-z
check 'it can be suspended' screen_wait 'Stopped'
screen_type 'fg'
check '... and the shell shows what is typed' screen_wait '[#$] fg$'
screen_keys Enter
check 'it asks again' screen_wait '^Password: $|^Password:$'
screen_type 'secret'
screen_keys Enter
check 'the console opens' screen_wait 'edge'
check '... and shows no password' screen_wait_gone 'secret'

# shellcheck disable=SC2016
screen_start 80 24 bash -c 'TERM=vt100 "$BERTH"; printf "left %s" $?; read -r'
check 'a terminal without an alternate screen' screen_wait '^>.. *edge'
check 'with keys in the last line' screen_wait 'W write  : command  q quit$'
screen_keys q
check 'is left with that line empty' screen_wait '^left 0$'
# shellcheck disable=SC2016
screen_start 80 24 bash -c 'TERM=dumb "$BERTH" 2>"$TMPDIR/why"; echo left $?; read -r'
check 'one that cannot place the cursor is refused' screen_wait '^left 2$'
check 'with the reason' grep -q 'terminal type "dumb" cannot show the console' "$TMPDIR/why"
check 'and nothing else is written' equal 'left 2' "$(screen_text | sed '/^$/d')"

# An unknown terminal type is treated as one of its family, with a note on standard error.
while read -r type taken; do
	# shellcheck disable=SC2016
	screen_start 80 24 bash -c 'TERM=$1 "$BERTH" 2>"$TMPDIR/why"; printf "left %s" $?; read -r' _ "$type"
	check "$type draws" screen_wait '^>.. *edge'
	screen_keys q
	check '... is left' screen_wait '^left 0$'
	check "... as $taken" equal "berth: terminal type \"$type\" is unknown; using $taken" "$(cat "$TMPDIR/why")"
done <<'END'
xterm-ghostty xterm-256color
tmux-next tmux-256color
screen.alacritty screen-256color
END
# shellcheck disable=SC2016
screen_start 80 24 bash -c 'TERM=xtermite "$BERTH" 2>"$TMPDIR/why"; echo left $?; read -r'
check 'a terminal type of no known family is refused' screen_wait '^left 2$'
check '... by its name' grep -q 'terminal type "xtermite" cannot show the console' "$TMPDIR/why"
# shellcheck disable=SC2016
screen_start 80 24 bash -c '"$BERTH" 2>"$TMPDIR/why"; printf "left %s" $?; read -r'
check 'a known terminal type works' screen_wait '^>.. *edge'
screen_keys q
check '... is left' screen_wait '^left 0$'
check '... without a message' test ! -s "$TMPDIR/why"

LC_ALL=C NO_COLOR=1 screen_start 80 24 "$BERTH"
check 'without UTF-8 it draws in ASCII' screen_wait '^>.. *edge .*\|#+\.'
ascii_only() {
	screen_text >"$TMPDIR/text"
	! LC_ALL=C grep -q '[^ -~]' "$TMPDIR/text"
}
check 'it draws ASCII only' ascii_only
colourless() {
	screen_styled >"$TMPDIR/styled"
	! grep -qE $'\033\\[[0-9;]*3[0-7]' "$TMPDIR/styled"
}
check 'and without colour' colourless
screen_keys q
check 'it ends' screen_ends 0

# Without a change nothing is written: the bytes of a terminal over some refreshes.
new_database
berth pool create quiet --kind number 0-99 >"$TMPDIR/made"
screen_start 80 24 "$BERTH"
check 'it is live' screen_wait '^>.. *quiet'
pid=$(screen_pid)
written() {
	sed -n 's/^wchar: //p' "/proc/$pid/io"
}
asked() {
	psql -XqAt -d postgres -c "select coalesce(max(query_start), 'epoch') from pg_stat_activity
		where datname = '$PGDATABASE' and pid <> pg_backend_pid()"
}
another() {
	[ "$(asked)" != "$last" ]
}
next_refresh() {
	last=$(asked)
	wait_for another
}
check 'it refreshes' next_refresh
check 'it refreshes again' next_refresh
before=$(written)
check 'it refreshes a third time' next_refresh
check 'it refreshes a fourth time' next_refresh
check 'it writes nothing without a change' equal "$before" "$(written)"
allocate() {
	sql "select berth.allocate(gen_random_uuid(), 'quiet', '', null, null, 0, '{}')"
}
allocate >"$TMPDIR/made"
check 'it draws a change' screen_wait '^>.. *quiet +99 '
allocate >"$TMPDIR/made"
check 'it draws the next change' screen_wait '^>.. *quiet +98 '
check 'the mark of the change disappears' screen_wait '^> '
before=$(written)
allocate >"$TMPDIR/made"
check 'an ordinary change' screen_wait '^>~. *quiet +97 '
few() {
	local bytes=$(($(written) - before))
	echo "$bytes bytes"
	[ "$bytes" -gt 0 ] && [ "$bytes" -lt 200 ]
}
check 'it writes few bytes' few
