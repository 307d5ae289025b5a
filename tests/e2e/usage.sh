#!/usr/bin/env bash
# How berth is called: commands, options, help; whatever is wrong is named, and nothing is sent.
. tests/lib.sh
. tests/lib/answers.sh

# Nothing here may need a server, except that the fingerprint does.
new_database
unreachable=$TMPDIR/nowhere

commands='migrate
pool create
pool add
pool remove
pool list
pool show
pool free
pool delete
pool import
resource list
resource show
allocate
lease list
lease show
doctor
local start
local stop
local status
demo
help
version'

same_help() {
	local words
	read -ra words <<<"$1"
	run berth help "${words[@]}"
	local by_help=$stdout
	exits 0 berth -h "$unreachable" "${words[@]}" --help && equal "$by_help" "$stdout" &&
		exits 0 berth '-?' "${words[@]}" && equal "$by_help" "$stdout" && [ -z "$stderr" ] &&
		[[ $stdout == "usage: berth $1"* ]]
}

while IFS= read -r words; do
	check "help $words" same_help "$words"
	check "help lists $words" prints "
  $words " berth help
done <<<"$commands"
check 'no command is missing here' equal "$(wc -l <<<"$commands")" \
	"$(berth help | sed -n '/^Commands:/,/^$/p' | grep -c '^  ')"
check '--help alone is help' equal "$(berth help)" "$(berth --help)"
check 'help of a family lists it' prints 'pool import' berth help pool
check 'and so does --help' equal "$(berth help pool)" "$(berth pool --help)"
check 'help shows the options of a command' prints '--reuse-delay DUR' berth help pool create
check 'help of a wrong line is still help' prints 'usage: berth pool create' berth pool create --help

check 'version' prints 'berth ' berth version
check 'version as JSON' answers "jsonb_typeof(d->'version')" string berth version --json
check 'version as CSV' prints 'version' berth version --csv

check 'options stand before the command' answers d '[]' berth --json -d "$PGDATABASE" pool list
check 'and behind it' answers d '[]' berth pool list --json --dbname="$PGDATABASE"
check 'and between its words' answers d '[]' berth pool --json list
check '-- ends the options' complains 4 'pool x does not exist' berth pool show -- x

berth() {
	"$BERTH" -h "$unreachable" "$@"
}

table_of_refusals <<'END'
pool                              | invalid_input | pool: a word is missing behind it
pool                              | invalid_input | pool create, pool add, pool remove
pool lst                          | invalid_input | pool lst: no such command
pools list                        | invalid_input | near it are: pool create
alloc web                         | invalid_input | near it are: allocate
list                              | invalid_input | near it are: pool list, resource list, lease list
''                                | invalid_input | no such command
nonsense                          | invalid_input | 'berth help' lists the commands
help nonsense                     | invalid_input | nonsense: no such command
help pool nonsense                | invalid_input | pool nonsense: no such command
local restart                     | invalid_input | the commands are: local start, local stop, local status
pool show                         | invalid_input | usage: berth pool show NAME
pool show web extra               | invalid_input | too much: 'extra'
pool list web                     | invalid_input | too much: 'web'
pool add web                      | invalid_input | usage: berth pool add NAME RANGE
pool remove web 1 2               | invalid_input | too much: '2'
resource show                     | invalid_input | usage: berth resource show
allocate                          | invalid_input | usage: berth allocate POOL
allocate web db                   | invalid_input | too much: 'db'
lease show                        | invalid_input | usage: berth lease show ID
version 2                         | invalid_input | too much: '2'
pool list --bogus                 | invalid_input | --bogus: no such option
pool list -x                      | invalid_input | -x: no such option
pool list --jso                   | invalid_input | write it in full: --json
pool list --sor name              | invalid_input | write it in full: --sort
pool list --json=yes              | invalid_input | --json: takes no value
pool list --csv --json            | invalid_input | --csv: not together with --json
pool list --sort                  | invalid_input | --sort: needs a value
pool list --sort=                 | invalid_input | --sort: its value must not be empty
pool list --sort name --sort free | invalid_input | --sort: given twice
pool list --kind ipv4             | invalid_input | --kind: not an option of 'pool list'
pool list -n                      | invalid_input | --dry-run: not an option of 'pool list'
allocate web --wait               | invalid_input | --wait: not an option of 'allocate'
allocate web --for=               | invalid_input | --for: its value must not be empty
pool list --timeout 5             | invalid_input | --timeout: duration "5"
pool list --timeout=              | invalid_input | --timeout: its value must not be empty
pool list --color blue            | invalid_input | 'blue' is none of auto, always, never
pool list -p abc                  | invalid_input | --port: 'abc' is not a number from 1 to 65535
pool list -p 0                    | invalid_input | --port: '0'
pool list -p 5432,65536           | invalid_input | --port: '5432,65536'
pool show $'web\xff'              | invalid_input | not valid UTF-8: byte 0xFF at offset 3
$'\xc0\xaf'                       | invalid_input | not valid UTF-8
pool list --$'\xed\xa0\x80'       | invalid_input | not valid UTF-8
allocate web --holder $'\xf5'     | invalid_input | word 6 of the command line
-x                                | invalid_input | -x: no such option
--sort name                       | invalid_input | --sort: not an option without a command
                                  | invalid_input | terminal
END
check 'the console needs a terminal' complains 2 'the console needs a terminal' berth
