#!/usr/bin/env bash
# The console as its operator wants it: saved views, columns, what was typed in earlier runs, and export.
. tests/lib.sh

export XDG_CONFIG_HOME=$TMPDIR/config XDG_STATE_HOME=$TMPDIR/state
umask 022
new_database
{
	berth pool create web --kind ipv4 10.0.0.0/20
	berth pool create mail --kind number 1-9
	berth allocate web --count 1300 --holder crowd
	berth allocate web --holder "odd,
one" --label env=prod
	berth allocate mail --holder crowd
} >"$TMPDIR/made"

say() {
	screen_type ":$1"
	screen_keys Enter
}
cd "$TMPDIR" || exit 1

screen_start 110 30 "$BERTH"
check 'it starts' screen_wait '^>.. *(mail|web)'
say 'lease list --pool web -l env=prod'
check 'a screen with a scope and a filter' screen_wait 'pools > web > leases +/env=prod'
screen_keys c
check 'the columns to choose from' screen_wait '^ > s +\[x\] STATE'
screen_keys j j j Space
check '... one is hidden' screen_wait '^ > . +\[ \] HELD'
screen_keys Escape
check '... and gone' screen_wait_gone ' HELD +EXPIRES'
screen_keys w
screen_type 'prod'
screen_keys Enter
check 'it is saved' screen_wait 'saved as prod'
check '... in a private file' equal 600 "$(stat -c %a "$XDG_CONFIG_HOME/berth/views")"
screen_keys / C-u
screen_type 'crowd'
screen_keys Enter
check 'another filter' screen_wait '/crowd'
screen_keys q q q q
check 'it ends' screen_ends 0

screen_start 110 30 "$BERTH"
check 'a new console' screen_wait '^>.. *(mail|web)'
screen_keys v
check '... knows the view' screen_wait '^ > p +prod'
screen_keys Enter
check '... and shows it' screen_wait 'pools > web > leases +/env=prod'
check '... with its columns' screen_wait 'HOLDER +EXPIRES'
screen_keys / Up
check 'the filter of the run before' screen_wait '^/crowd'
screen_keys Enter
check '... works' screen_wait 'pools > web > leases +/crowd'
check 'the history is private' equal 600 "$(stat -c %a "$XDG_STATE_HOME/berth/history")"

screen_keys E
check 'E opens the export' screen_wait '^:export leases\.csv'
screen_keys Enter
check '... and tells its end' screen_wait 'leases\.csv: 1300 rows written'
check '... with a line for each row' equal 1301 "$(wc -l <leases.csv)"
check '... each once' equal 1300 "$(tail -n +2 leases.csv | cut -d, -f1 | sort -u | wc -l)"
screen_keys E Enter
check 'a file that exists stays' screen_wait 'leases\.csv: File exists; --force replaces it'
screen_keys C-u
screen_type 'view prod'
screen_keys Enter
check 'the saved view' screen_wait '/env=prod'
say 'export ~/one.json'
check 'JSON' screen_wait '~/one\.json: 1 rows? written'
check '... is that of the command line' equal "$(berth lease list --pool web -l env=prod --json)" "$(<"$HOME/one.json")"
say 'export leases.csv --force'
check 'a file is replaced on request' screen_wait 'leases\.csv: 1 rows? written'
check '... as CSV of the command line' equal "$(berth lease list --pool web -l env=prod --csv)" "$(<leases.csv)"
say 'export leases.txt'
check 'a table' screen_wait 'leases\.txt: 1 rows? written'
check '... is that of the command line' equal "$(berth lease list --pool web -l env=prod)" "$(<leases.txt)"
say 'export leases.xls'
check 'another kind is refused' screen_wait 'the name must end in \.csv, \.json or \.txt'
screen_keys Escape
say 'export /nowhere/x.csv'
check 'a folder that is not there' screen_wait 'No such file or directory'
screen_keys Escape e
check 'e extends the lease' screen_wait 'W turns write mode on'
screen_keys BTab
check 'Shift-Tab is the screen before' screen_wait '▸7 Alerts'
screen_keys b
check 'an unknown key is told' screen_wait 'no key b here; \? shows the keys'
say quit
check 'it ends again' screen_ends 0
