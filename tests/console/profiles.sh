#!/usr/bin/env bash
# Profiles in the console: the badge, the rights, and :connect, which goes to another server and back.
. tests/lib.sh

export XDG_CONFIG_HOME=$TMPDIR/config
config=$XDG_CONFIG_HOME/berth/config
mkdir -p "${config%/*}"
new_database
berth -q pool create first-pool --kind number 1-9 >"$TMPDIR/made"
first=$PGDATABASE
new_database
berth -q pool create other-pool --kind number 1-9 >"$TMPDIR/made"
cat >"$config" <<END
[profile prod]
host = $PGHOST
dbname = $first
environment = PRODUCTION
read-only = yes

[profile stage]
dbname = $PGDATABASE
colour = green
END

# say LINE: types a whole line
say() {
	screen_type ":$1"
	screen_keys Enter
}

BERTH_ENV=here screen_start 160 24 "$BERTH" @prod
check 'the console opens on the profile' screen_wait '^>.* first-pool'
check '... with a badge that is loud without colours too' screen_wait '^ !! PRODUCTION !! '
check '... and in red' wait_for eval 'screen_styled | head -1 | grep -qE "^[^P]*48;5;160[^P]*PRODUCTION"'
screen_keys W
check 'the profile is read-only' screen_wait 'refused: .*read-only'
say 'connect stage'
check ':connect goes to another profile' screen_wait '^>.* other-pool'
check '... with its own badge' screen_wait '^ stage '
check '... and none of the rows of before' screen_wait_gone 'first-pool'
screen_keys W
check '... where writing is possible' screen_wait 'Type "stage" to enable writes'
screen_keys Escape
say 'connect stge'
check 'an unknown profile is told' screen_wait '@stge: no such profile; did you mean @stage\?'
check '... and the console stays where it is' screen_wait '^ stage '
printf 'mouse = perhaps\n' >"$config.new"
cat "$config" >>"$config.new"
mv "$config.new" "$config"
say 'connect prod'
check 'an error in the file is told with its line' screen_wait 'config:1: mouse: unknown value'
sed -i 1d "$config"
say 'connect prod'
check 'after a correction it goes there' screen_wait '^>.* first-pool'
say connect
check ':connect alone goes to the first connection' screen_wait '^ !! PRODUCTION !! '
screen_keys q
check 'it ends well' screen_ends 0

BERTH_ENV=here screen_start 160 24 "$BERTH"
check 'without a profile the environment counts' screen_wait '^>.* other-pool'
check '... for the badge too' screen_wait '^ here '
say 'connect prod'
check 'it goes to a profile' screen_wait '^>.* first-pool'
say connect
check '... and back' screen_wait '^>.* other-pool'
check '... to its badge' screen_wait '^ here '
screen_keys q
check 'it ends well again' screen_ends 0
