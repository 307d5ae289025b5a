#!/usr/bin/env bash
# Profiles: `berth @prod ...` takes the connection of the configuration; options win over it, and it over the
# environment.
. tests/lib.sh
. tests/lib/answers.sh

export XDG_CONFIG_HOME=$TMPDIR/config
config=$XDG_CONFIG_HOME/berth/config
mkdir -p "${config%/*}"
new_database
berth -q pool create one --kind number 1-9 >"$TMPDIR/made"
one=$PGDATABASE
new_database
berth -q pool create two --kind number 1-9 >"$TMPDIR/made"
two=$PGDATABASE
host=$PGHOST
cat >"$config" <<END
[profile prod]
host = $host
dbname = $one
read-only = yes

[profile stage]
service = berth-stage

[profile nowhere]
host = $TMPDIR/nowhere
port = 1
END
cat >"$TMPDIR/services" <<END
[berth-stage]
host=$host
dbname=$one
END
export PGSERVICEFILE=$TMPDIR/services

first_pool() {
	answers "d->0->>'name'" "$@"
}
check 'without a profile the environment counts' first_pool two berth pool list --json
check 'a profile wins over the environment' first_pool one berth @prod pool list --json
check '... also a service' first_pool one berth @stage pool list --json
check '... and the profile may stand after options' first_pool one berth --json @prod pool list
check 'an option wins over the profile' first_pool two berth @prod -d "$two" pool list --json
check '... a connection string over all of it' first_pool two berth @nowhere -d "host=$host dbname=$two" pool list --json
check '... a host over host and port' first_pool two berth @nowhere -h "$host" pool list --json
check 'the environment adds no address to the host of a profile' first_pool one \
	env PGHOSTADDR=192.0.2.1 PGPORT=1 PGSERVICE=none "$BERTH" @prod pool list --json
check 'a profile of no server is unavailable' complains 3 nowhere berth @nowhere pool list
check 'a hint names the profile' complains 4 'berth @stage pool list shows' berth @stage pool show z

check 'a profile may be read-only' refuses read_only berth @prod pool create x --kind number 1-2
check '... and says so' complains 7 'the profile is read-only' berth @prod pool create x --kind number 1-2
check '... but --read-write lifts it' exits 0 berth @prod --read-write pool create x --kind number 1-2 --space x
check '... and excludes --read-only' complains 2 'read-write' berth --read-only --read-write pool list
check 'another profile is not' exits 0 berth @stage pool create y --kind number 1-2 --space y

check 'an unknown profile' complains 2 '@prd: no such profile' berth @prd pool list
check '... names the nearest' complains 2 'did you mean @prod?' berth @prd pool list
check 'not a name' complains 2 'profile' berth @a/b pool list
check '--local is another server' complains 2 'profile prod names another server' berth @prod --local pool list
check 'a word after the verb is no profile' complains 2 '' berth pool show @prod
echo '@prod pool create z --kind number 1-2' >"$TMPDIR/batch"
check 'nor in a batch' complains 2 'a profile is named on the command line' berth batch "$TMPDIR/batch"
check 'a screen of a profile' prints one berth @prod --once pools
check 'help needs the profile too' prints 'usage: berth pool list' berth @prod help pool list

printf 'them = dark\n' >>"$config"
check 'an error has its line' complains 2 "$config:12: unknown key" berth @prod pool list
check '... and is told only to those who use the file' exits 0 berth pool list
printf '[profile a]\npassword = s3cret\n' >"$config"
check 'a password is refused' complains 2 "$config:2: password: passwords do not belong here" berth @a pool list
check '... with a hint' complains 2 '~/.pgpass' berth @a pool list
printf '[profile a]\nhost = x\n' >"$config"
chmod 666 "$config"
check 'a file that others may write is refused' complains 2 'others may write it' berth @a pool list
