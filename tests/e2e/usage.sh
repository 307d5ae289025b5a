#!/usr/bin/env bash
# The command line: verbs, options, help; an error names the fault, and nothing is sent.
. tests/lib.sh
. tests/lib/answers.sh

# No check may need a server, except for the fingerprint.
new_database
unreachable=$TMPDIR/nowhere
id=11111111-1111-4111-8111-111111111111

commands='migrate
pool create
pool add
pool remove
pool list
pool show
pool free
pool find
pool delete
pool set
pool rename
pool exclude
pool include
pool import
resource list
resource show
resource cordon
resource uncordon
resource release
resource reclaim
allocate
lease list
lease show
lease holders
lease import
release
extend
transfer
queue list
queue show
queue cancel
queue retry
queue skip
queue force
queue stats
worker
worker list
label
label list
annotate
annotate list
org create
org limit
org list
org show
project create
project limit
project list
project show
project delete
batch
dedupe check
dedupe fix
dedupe undo
dedupe runs
dedupe show
dedupe forget
events
alerts
metrics
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
check 'no command is missing in this test' equal "$(wc -l <<<"$commands")" \
	"$(berth help | sed -n '/^Verbs:/,/^$/p' | grep -c '^  ')"
check '--help alone is help' equal "$(berth help)" "$(berth --help)"
check 'help of a family lists it' prints 'pool import' berth help pool
check 'and so does --help' equal "$(berth help pool)" "$(berth pool --help)"
check 'help shows the options of a command' prints '--reuse-delay DUR' berth help pool create
check 'help of a wrong line is still help' prints 'usage: berth pool create' berth pool create --help

check 'version' prints 'berth ' berth version
check 'version as JSON' answers "jsonb_typeof(d->'version')" string berth version --json
check 'version as CSV' prints 'version' berth version --csv

check 'options before the command' answers d '[]' berth --json -d "$PGDATABASE" pool list
check 'options after it' answers d '[]' berth pool list --json --dbname="$PGDATABASE"
check 'options between its words' answers d '[]' berth pool --json list
check '-- ends the options' complains 4 'pool x does not exist' berth pool show -- x

berth() {
	"$BERTH" -h "$unreachable" "$@"
}

table_of_refusals <<'END'
pool                              | invalid_input | pool: a word is missing after it
pool                              | invalid_input | pool create, pool add, pool remove
pool lst                          | invalid_input | did you mean pool list?
pools list                        | invalid_input | did you mean pool list?
alloc web                         | invalid_input | did you mean allocate?
list                              | invalid_input | 'berth help' lists the verbs
''                                | invalid_input | no such verb
nonsense                          | invalid_input | 'berth help' lists the verbs
help nonsense                     | invalid_input | 'nonsense': no such verb
help pool nonsense                | invalid_input | 'pool nonsense': no such verb
local restart                     | invalid_input | did you mean local start?
pool show                         | invalid_input | usage: berth pool show POOL
pool show web extra               | invalid_input | unexpected operand: 'extra'
pool list web                     | invalid_input | unexpected operand: 'web'
pool add web                      | invalid_input | usage: berth pool add POOL RANGE
pool set                          | invalid_input | usage: berth pool set POOL
pool set web                      | invalid_input | pool set: at least one setting must be given
pool set web --warn 91 --crit 90  | invalid_input | --warn 91 is above --crit 90
pool set web --crit 101           | invalid_input | --crit
pool set web --ttl 5              | invalid_input | --ttl: 
pool set web --release-hook 'a b' | invalid_input | --release-hook: hook "a b"
pool set web --release-hook=      | invalid_input | --release-hook
pool set 'a b' --warn 1           | invalid_input | pool "a b"
pool rename web                   | invalid_input | usage: berth pool rename POOL NAME
pool rename web 'a b'             | invalid_input | pool "a b"
pool exclude web                  | invalid_input | usage: berth pool exclude POOL RANGE
pool exclude web 10.0.0/24        | invalid_input | 10.0.0/24
pool include 'a b' 7              | invalid_input | pool "a b"
pool create n --kind number 1-9 --exclude x | invalid_input | --exclude: 
pool create n --kind number 1-9 --usable | invalid_input | --usable: only addresses have networks, not kind number
pool find                         | invalid_input | usage: berth pool find VALUE|RANGE
pool find 10.0.0/24               | invalid_input | 10.0.0/24
pool find 10.0.0.9-10.0.0.5       | invalid_input | it ends before it begins
pool find 10.0.0.1 --limit 0      | invalid_input | --limit
pool find 10.0.0.1 --space 'a b'  | invalid_input | space "a b"
pool remove web 1 2               | invalid_input | unexpected operand: '2'
resource show                     | invalid_input | usage: berth resource show
allocate                          | invalid_input | usage: berth allocate POOL
allocate web db                   | invalid_input | unexpected operand: 'db'
lease show                        | invalid_input | usage: berth lease show ID
version 2                         | invalid_input | unexpected operand: '2'
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
allocate web --wait --value 10.0.0.1 | invalid_input | --value: not together with --wait
allocate web --wait --count 2     | invalid_input | --count: not together with --wait
allocate web --wait=5             | invalid_input | --wait: duration "5"
allocate web --wait=              | invalid_input | --wait: its value must not be empty
allocate web --grace 1s           | invalid_input | --grace: not an option of 'allocate'
release                           | invalid_input | usage: berth release T…
release --state active            | invalid_input | release: missing operand
release --yes                     | invalid_input | release: missing operand
release x                         | invalid_input | lease "x": not a UUID
release ''                        | invalid_input | not a UUID
release $id x                     | invalid_input | lease "x": not a UUID
release pool/                     | invalid_input | pool: a name must not be empty
release project/acme              | invalid_input | project "acme": expected ORG/NAME
release web/10.0.0.0/24           | invalid_input | expected pool/NAME, resource/ID
release resource/web              | invalid_input | resource "web": expected an id, or POOL/RANGE
release command/$id               | invalid_input | only a lease, resource, pool or project can be released
release org/acme                  | invalid_input | can be released
release pool/web --pool web       | invalid_input | --pool: not together with targets
release $id --state active        | invalid_input | --state: not together with targets
release --pool 'a b'              | invalid_input | --pool: pool "a b"
release --pool lease/$id          | invalid_input | expected pool/NAME
release --pool web --state gone   | invalid_input | --state "gone": the states are pending, acquired
release --pool web --state active,destroyed | invalid_input | a destroyed lease cannot be released
release $id -l a=b                    | invalid_input | --selector: not together with targets
release -l "a b"                       | invalid_input | selector: 
release pool/web --yes --expect-generation 1 | invalid_input | for one lease or resource only
release --pool web -n --expect-generation 1 | invalid_input | for one lease or resource only
release $id $id --yes --expect-generation 1 | invalid_input | for one lease or resource only
release $id --expect-generation 0 | invalid_input | --expect-generation: '0' is not a whole number from 1 on
release $id --expect-generation x | invalid_input | --expect-generation: 'x'
release $id --grace 5             | invalid_input | --grace: duration "5"
release $id --wait=soon           | invalid_input | --wait: duration "soon"
release $id --id 5                | invalid_input | --id: '5' is not an id
release $id --reason "$(printf 'x%.0s' {1..1001})" | invalid_input | reason: 1001 characters, at most 1000
extend $id                        | invalid_input | extend: either --until or --for must be given
extend $id --for 0s               | invalid_input | --for 0s: must be longer than 0
extend $id --for 1h --until 2999-01-01 | invalid_input | --for: not together with --until
extend $id --until tomorrow       | invalid_input | --until: 
transfer $id                      | invalid_input | --holder: must be given
transfer --holder x               | invalid_input | usage: berth transfer LEASE… --holder TEXT
transfer pool/web --holder x      | invalid_input | pool/web: expected lease/ID
transfer $id --holder "$(printf 'x%.0s' {1..201})" | invalid_input | holder: 201 characters, at most 200
transfer $id $id --holder x --yes --expect-generation 1 | invalid_input | for one lease or resource only
extend pool/web --for 1h          | invalid_input | pool/web: expected lease/ID
extend --for 1h                   | invalid_input | extend: missing operand: LEASE
extend $id --pool web --for 1h    | invalid_input | --pool: not together with targets
extend $id $id --for 1h --yes --expect-generation 1 | invalid_input | for one lease or resource only
extend --pool web --for 1h --state active | invalid_input | --state: not an option of 'extend'
resource cordon                   | invalid_input | usage: berth resource cordon ID|POOL/RANGE|POOL/VALUE|POOL/HOST
resource cordon web               | invalid_input | resource "web": expected an id
resource uncordon lease/$id       | invalid_input | expected resource/ID
resource release web/10.0.0.1/24  | invalid_input | host bits are set after the prefix
resource reclaim $id --yes        | invalid_input | --yes: not an option of 'resource reclaim'
queue                             | invalid_input | the verbs are queue list, queue show, queue cancel
queue list --open --all           | invalid_input | --all: not together with --open
queue list --open --state done    | invalid_input | --state done: not together with --open
queue list --state ready          | invalid_input | --state "ready": the states are queued, running, done, quarantined, cancelled
queue list --after x              | invalid_input | --after: 'x'
queue list --after 0              | invalid_input | --after: '0'
queue list --limit 0              | invalid_input | --limit: '0'
queue list --target web           | invalid_input | --target: target "web": expected pool/NAME
queue list --parent x             | invalid_input | --parent: command "x": not a UUID
queue list -n                     | invalid_input | --dry-run: not an option of 'queue list'
queue show                        | invalid_input | usage: berth queue show ID
queue show lease/$id              | invalid_input | expected command/ID
queue cancel x                    | invalid_input | command "x": not a UUID
queue cancel $id --grace 1s       | invalid_input | --grace: not an option of 'queue cancel'
queue retry x                     | invalid_input | command "x": not a UUID
queue skip pool/web               | invalid_input | expected command/ID
queue force                       | invalid_input | usage: berth queue force ID
queue stats now                   | invalid_input | unexpected operand: 'now'
worker list x                     | invalid_input | unexpected operand: 'x'
events web                        | invalid_input | target "web": expected pool/NAME
events lease/x                    | invalid_input | lease "x": not a UUID
events command/$id                | invalid_input | a command has no events of its own
events --since yesterday          | invalid_input | --since: 
events --limit 0                  | invalid_input | --limit: '0'
events --after -1                 | invalid_input | --after: '-1'
allocate web --for=               | invalid_input | --for: its value must not be empty
pool list --timeout 5             | invalid_input | --timeout: duration "5"
pool list --timeout=              | invalid_input | --timeout: its value must not be empty
pool list --color blue            | invalid_input | 'blue' is not one of auto, always, never
pool list -p abc                  | invalid_input | --port: not a number from 1 to 65535
pool list -p 0                    | invalid_input | --port: not a number
pool list -p 5432,65536           | invalid_input | --port: not a number
pool show $'web\xff'              | invalid_input | not valid UTF-8: byte 0xFF at offset 3
$'\xc0\xaf'                       | invalid_input | not valid UTF-8
pool list --$'\xed\xa0\x80'       | invalid_input | not valid UTF-8
allocate web --holder $'\xf5'     | invalid_input | word 6 of the command line
-x                                | invalid_input | -x: no such option
--sort name                       | invalid_input | --sort: not an option without a verb
                                  | invalid_input | terminal
END
check 'the console needs a terminal' complains 2 'the console needs a terminal' berth
