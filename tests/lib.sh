# Helpers for shell tests:  . tests/lib.sh   at the top, in bash, run by tests/run.
#
# The test has $BERTH, the program; PGHOST and PGUSER, the superuser of the server;
# $TMPDIR, a folder of its own.  At the end of the script, also after a failure, the
# plan is printed and everything made here is removed.
#
#     new_database                    PGDATABASE is a fresh migrated database
#     check "what holds" CMD...       ok if CMD succeeds; else shows its output
#     check "..." exits 2 berth pool create
#     check "..." prints 'text' berth pool list          exit 0 and the text on stdout
#     check "..." complains 4 'text' berth pool show x   exit 4 and the text on stderr
#     run CMD...                      sets $status, $stdout, $stderr
#     wait_for CMD...                 waits until CMD succeeds, at most 90 s
#
#     screen_start 80 24 CMD...       starts CMD in a terminal of that size
#     screen_wait 'REGEX'             waits until a line matches, at most 90 s; else fails and shows the screen
#     screen_wait_gone 'REGEX'        waits until no line matches
#     screen_keys j Enter C-c         types keys by tmux's names;  screen_type 'text'  types text
#     screen_paste 'text'  screen_resize 100 40  screen_text
#     screen_ends 0                   waits until the program ends with that code, 128 + n for a signal;
#                                     after screen_stop, by the end of its terminal
#     screen_pid                      prints its process id
#     screen_stop
set -uo pipefail

tests_done=0
tests_bad=0
tests_databases=()
tests_patience=${BERTH_TEST_PATIENCE:-300} # seconds
TMPDIR=${TMPDIR:?run me with tests/run}
tests_screen=$TMPDIR/tmux
tests_screens=0

tests_end() {
	local status=$?
	screen_stop
	[ -z "${tests_json_pid-}" ] || tests_json_close
	for name in "${tests_databases[@]}"; do
		dropdb --if-exists --force "$name" || status=1
	done
	if [ "$status" -eq 0 ]; then
		echo "1..$tests_done"
		[ "$tests_bad" -eq 0 ] || status=1
	fi
	exit "$status"
}
trap tests_end EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

berth() {
	"$BERTH" "$@"
}

new_database() {
	local name=test_$$_${#tests_databases[@]}
	createdb -T "$BERTH_TEST_TEMPLATE" "$name" || exit 1
	tests_databases+=("$name")
	export PGDATABASE=$name
}

# sql TEXT: prints the result as psql -At
sql() {
	psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

check() {
	local what=$1
	shift
	tests_done=$((tests_done + 1))
	if "$@" >"$TMPDIR/check" 2>&1; then
		printf 'ok %d - %s\n' "$tests_done" "$what"
	else
		tests_bad=$((tests_bad + 1))
		printf 'not ok %d - %s\n' "$tests_done" "$what"
		printf '# %s\n' "$*"
		sed 's/^/# /' "$TMPDIR/check"
	fi
}

run() {
	status=0
	"$@" >"$TMPDIR/stdout" 2>"$TMPDIR/stderr" || status=$?
	stdout=$(<"$TMPDIR/stdout")
	stderr=$(<"$TMPDIR/stderr")
}

# Prints the last run, for a failed check.
tests_show() {
	printf 'exit %s, expected %s\nstdout: %s\nstderr: %s\n' "$status" "$1" "$stdout" "$stderr"
	return 1
}

exits() {
	local code=$1
	shift
	run "$@"
	[ "$status" -eq "$code" ] || tests_show "$code"
}

prints() {
	local text=$1
	shift
	run "$@"
	[ "$status" -eq 0 ] && [[ $stdout == *"$text"* ]] || tests_show "0 and '$text' on stdout"
}

complains() {
	local code=$1 text=$2
	shift 2
	run "$@"
	[ "$status" -eq "$code" ] && [[ $stderr == *"$text"* ]] || tests_show "$code and '$text' on stderr"
}

# equal EXPECTED ACTUAL
equal() {
	[ "$1" = "$2" ] || {
		printf 'expected: %s\nactual:   %s\n' "$1" "$2"
		return 1
	}
}

wait_for() {
	local end=$((SECONDS + tests_patience))
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.02
	done
}

tests_tmux() {
	tmux -S "$tests_screen" "$@"
}

# Records the process id and the exit code, which tmux reports only in part. The
# program gets default signals, not the shell's traps. It also records an end by
# screen_stop, which may come when the next program runs: each has its own file.
# shellcheck disable=SC2016
tests_wrapper='trap : HUP INT QUIT TERM
	bash -c '\''echo $$ >$0.pid; exec "$@"'\'' "$0" "$@"
	echo $? >$0.new && mv $0.new $0.status'

screen_start() {
	local columns=$1 rows=$2
	shift 2
	screen_stop
	tests_screens=$((tests_screens + 1))
	cat >"$TMPDIR/tmux.conf" <<-'END'
		set -g status off
		set -g remain-on-exit on
		set -g remain-on-exit-format ''
		set -g default-terminal tmux-256color
		set -s escape-time 0
		set -s exit-empty off
	END
	tmux -u -f "$TMPDIR/tmux.conf" -S "$tests_screen" new-session -d -x "$columns" -y "$rows" -- \
		bash -c "$tests_wrapper" "$TMPDIR/screen.$tests_screens" "$@" || {
		echo "tmux did not start"
		exit 1
	}
}

screen_text() {
	tests_tmux capture-pane -p
}

# Prints the screen with colours and styles, as escape sequences.
screen_styled() {
	tests_tmux capture-pane -p -e
}

tests_screen_shows() {
	screen_text 2>/dev/null | grep -qE -- "$1"
}

tests_screen_hides() {
	! tests_screen_shows "$1"
}

screen_wait() {
	wait_for tests_screen_shows "$1" || {
		printf 'waited for: %s\n' "$1"
		screen_text
		return 1
	}
}

screen_wait_gone() {
	wait_for tests_screen_hides "$1" || {
		printf 'still there: %s\n' "$1"
		screen_text
		return 1
	}
}

screen_keys() {
	tests_tmux send-keys -- "$@"
}

screen_type() {
	tests_tmux send-keys -l -- "$1"
}

# Pastes as a terminal does: bracketed if the program has enabled that.
screen_paste() {
	tests_tmux set-buffer -- "$1" && tests_tmux paste-buffer -p
}

screen_resize() {
	tests_tmux resize-window -x "$1" -y "$2"
}

screen_ends() {
	local file=$TMPDIR/screen.$tests_screens.status
	wait_for test -e "$file" || {
		echo 'still running'
		screen_text
		return 1
	}
	equal "$1" "$(<"$file")"
}

# Prints the program's process id.
screen_pid() {
	local file=$TMPDIR/screen.$tests_screens.pid
	wait_for test -s "$file" && cat "$file"
}

screen_stop() {
	if [ -S "$tests_screen" ]; then
		tests_tmux kill-server 2>/dev/null
		rm -f "$tests_screen"
	fi
}
