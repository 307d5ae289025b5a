#!/usr/bin/env bash
# Organizations and projects: the answers of the verbs in every format, and their errors.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
id=11111111-1111-4111-8111-111111111111
other=22222222-2222-4222-8222-222222222222
more=88888888-8888-4888-8888-888888888888
web=33333333-3333-4333-8333-333333333333
uuid='^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
time='^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}Z$'

# A bulk that is not confirmed: the plan on stdout, exit 2.
refuses_plan() {
	run "$@" --json
	[ "$status" -eq 2 ] && equal invalid_input "$(fault "d->'error'->>'code'")" && equal number "$(json "jsonb_typeof(d->'targets')")"
}
fields() {
	printf "(select string_agg(k, ' ' order by k) from jsonb_object_keys(%s) k)" "${1-d}"
}

# --- organizations ---------------------------------------------------------------

check 'none: an empty array' answers d '[]' berth org list --json
check '... and a bare header' equal 'NAME  LIMIT  PROJECTS  LABELS' "$(berth org list)"
check 'one is made' answers "concat_ws(' ', d->>'name', d->'max_projects', d->'projects', d->'generation', d->'labels', d->'replayed')" \
	'acme 10 0 1 {} false' berth org create acme --max-projects 10 --id $id --json
check '... with these fields' equal 'created generation id labels max_projects name projects replayed' "$(json "$(fields)")"
check '... its id and time' equal 't t' "$(json "concat_ws(' ', d->>'id' ~ '$uuid', d->>'created' ~ '$time')" )"
check 'the same again' answers "concat_ws(' ', d->>'id', d->'replayed')" "$id true" berth org create acme --max-projects 10 --id $id --json
check 'another name with its id' refuses id_conflict berth org create bcme --max-projects 10 --id $id
check 'another limit with its id' refuses id_conflict berth org create acme --max-projects 11 --id $id
check 'its name again' refuses already_exists berth org create acme
check '... by its name' equal 'organization acme exists already' "$(fault "d->'error'->>'message'")"
check 'without a limit it has none' answers "concat_ws(' ', d->'max_projects')" null berth org create open --json
check '... also as a word' answers "concat_ws(' ', d->'max_projects')" null berth org create free --max-projects none --json
check 'with the prefix of its kind' answers "d->>'name'" pool berth org create org/pool --json
check 'a limit is set' answers "concat_ws(' ', d->'max_projects', d->'generation', d->'replayed')" '3 2 false' \
	berth org limit acme --max-projects 3 --id $other --json
check '... once' answers "concat_ws(' ', d->'max_projects', d->'generation', d->'replayed')" '3 2 true' \
	berth org limit acme --max-projects 3 --id $other --json
check '... its id is spent' refuses id_conflict berth org limit acme --max-projects 4 --id $other
check 'the same limit is no change' answers "d->>'generation'" 2 berth org limit acme --max-projects 3 --json
check 'none is no limit' answers "concat_ws(' ', d->'max_projects')" null berth org limit acme --max-projects none --json
check 'nothing at all may be allowed' answers "d->>'max_projects'" 0 berth org limit free --max-projects 0 --json
check 'a list' answers "(select string_agg(concat_ws(':', o->>'name', o->'max_projects', o->'projects'), ' ' order by n)
	from jsonb_array_elements(d) with ordinality l (o, n))" 'acme:null:0 free:0:0 open:null:0 pool:null:0' berth org list --json
check '... as a table' prints $'\nfree      0         0  -\nopen      -         0  -\n' berth org list
check '... as CSV' prints ',free,0,0,' berth org list --csv
check '... no limit is an empty field there' prints ',acme,,0,' berth org list --csv
check 'labels' answers d '{"tier": "1"}' berth label org/acme tier=1 --json
check 'annotations' answers d '{"note": "ours, by word"}' berth annotate org/acme note='ours, by word' --json
check 'show has both' answers "concat_ws(' ', d->'labels', d->'annotations')" '{"tier": "1"} {"note": "ours, by word"}' \
	berth org show acme --json
check 'by label' answers "(select string_agg(o->>'name', ' ') from jsonb_array_elements(d) o)" acme berth org list -l tier=1 --json
check 'its events are complete' answers "(select string_agg(e->>'action', ' ' order by n) from jsonb_array_elements(d) with ordinality l (e, n))" \
	'create set set set set' berth events org/acme --json

# --- projects ----------------------------------------------------------------------

check 'none' answers d '[]' berth project list --json
create=(project create acme/web --id $web --max-leases 5 --pool front=10.0.0.0/29,10.0.9.5-10.0.9.6 --pool ports=100-109
	--label a=b --label x.y/z=)
check 'one is made with its pools' answers "concat_ws(' ', d->>'organization', d->>'name', d->'max_leases', d->'leases', d->'pools',
	d->>'state', d->'generation', d->'labels', d->'replayed')" 'acme web 5 0 ["front", "ports"] active 1 {"a": "b", "x.y/z": ""} false' \
	berth "${create[@]}" --json
check '... with these fields' equal 'created generation id labels leases max_leases name organization pools replayed state' "$(json "$(fields)")"
check '... its id and time' equal 't t' "$(json "concat_ws(' ', d->>'id' = '$web', d->>'created' ~ '$time')")"
check 'its organization counts it' answers "d->>'projects'" 1 berth org show acme --json
check 'its pools are its own' answers "concat_ws(' ', d->>'project', d->>'kind', d->'capacity', d->'resources', d->'warn', d->'crit')" \
	'acme/web ipv4 10 2 80 90' berth pool show front --json
check '... of the kind that their ranges have' answers "concat_ws(' ', d->>'kind', d->'capacity')" 'number 10' berth pool show ports --json
check 'the same again' answers "concat_ws(' ', d->>'id', d->'replayed')" "$web true" berth "${create[@]}" --json
check '... also when it is in use' exits 0 berth allocate front --project acme/web
check '... and has other labels by now' exits 0 berth label project/acme/web a-
check '... and another limit' exits 0 berth project limit acme/web --max-leases 4
check '... it is answered as it is' answers "concat_ws(' ', d->'leases', d->'max_leases', d->'labels', d->'replayed')" \
	'1 4 {"x.y/z": ""} true' berth "${create[@]}" --json
before=$(fingerprint)
while IFS='|' read -r what words; do
	read -ra words <<<"$words"
	check "$what with its id" refuses id_conflict berth project create "${words[@]}" --id $web
done <<'END'
another name|acme/w --max-leases 5 --pool front=10.0.0.0/29,10.0.9.5-10.0.9.6 --pool ports=100-109 --label a=b --label x.y/z=
another limit|acme/web --max-leases 6 --pool front=10.0.0.0/29,10.0.9.5-10.0.9.6 --pool ports=100-109 --label a=b --label x.y/z=
no limit|acme/web --pool front=10.0.0.0/29,10.0.9.5-10.0.9.6 --pool ports=100-109 --label a=b --label x.y/z=
a pool less|acme/web --max-leases 5 --pool front=10.0.0.0/29,10.0.9.5-10.0.9.6 --label a=b --label x.y/z=
another range|acme/web --max-leases 5 --pool front=10.0.0.0/29,10.0.9.5-10.0.9.7 --pool ports=100-109 --label a=b --label x.y/z=
another space|acme/web --max-leases 5 --pool front=10.0.0.0/29,10.0.9.5-10.0.9.6 --pool ports=100-109 --label a=b --label x.y/z= --space b
other labels|acme/web --max-leases 5 --pool front=10.0.0.0/29,10.0.9.5-10.0.9.6 --pool ports=100-109 --label a=b
END
check 'a lease with its id' refuses id_conflict berth allocate front --project acme/web --id $web
check 'its id for an organization' refuses id_conflict berth org create web --id $web
check '... changed nothing' equal "$before" "$(fingerprint)"
check 'a space of its own' answers "d->'pools'" '["front-b"]' berth project create acme/b --space b --pool front-b=10.0.0.0/29 --json
check '... is that of its pools' answers "d->>'space'" b berth pool show front-b --json
check 'hosts and IPv6' answers "d->'pools'" '["rack", "six"]' berth project create acme/kinds --pool rack=h1:4,h2 --pool six=fd00::/64,fd01::1 --json
check 'without anything' answers "concat_ws(' ', d->'max_leases', d->'pools', d->'labels')" 'null [] {}' berth project create open/web --json
check 'by prefix' answers "d->>'name'" web berth project show project/open/web --json
check 'a list' answers "(select string_agg(concat(o->>'organization', '/', o->>'name', ':', o->'leases'), ' ' order by n)
	from jsonb_array_elements(d) with ordinality l (o, n))" 'acme/b:0 acme/kinds:0 acme/web:1 open/web:0' berth project list --json
check '... of one organization' answers "jsonb_array_length(d)" 3 berth project list acme --json
check '... without projects' answers d '[]' berth project list org/free --json
check '... that does not exist' refuses not_found berth project list nope
check '... by label' answers "(select string_agg(o->>'name', ' ') from jsonb_array_elements(d) o)" web berth project list -l 'x.y/z in ()' --json
check '... as a table' prints $'\nacme          web        4       1  front,ports  active  x.y/z=\n' berth project list
check '... as CSV' prints ',acme,web,4,1,"[""front"", ""ports""]",active,' berth project list --csv
check 'show has annotations' answers "concat_ws(' ', d->'labels', d->'annotations')" '{"x.y/z": ""} {"why": "a b"}' \
	bash -c '"$BERTH" -q annotate project/acme/web why="a b" >"$TMPDIR/made" && "$BERTH" project show acme/web --json'
check 'label list' answers d '{"x.y/z": ""}' berth label list project/acme/web --json
check 'its limit' answers "concat_ws(' ', d->'max_leases', d->'generation', d->'replayed')" '2 3 false' \
	berth project limit acme/web --max-leases 2 --id 44444444-4444-4444-8444-444444444444 --json
check '... again' answers "concat_ws(' ', d->'max_leases', d->'replayed')" '2 true' \
	berth project limit acme/web --max-leases 2 --id 44444444-4444-4444-8444-444444444444 --json
check '... another one with that id' refuses id_conflict berth project limit acme/web --max-leases 3 --id 44444444-4444-4444-8444-444444444444
check 'none lifts it' answers "concat_ws(' ', d->'max_leases', d->'leases')" 'null 1' berth project limit acme/web --max-leases none --json
check 'its events are complete' answers "(select string_agg(e->>'action', ' ' order by n) from jsonb_array_elements(d) with ordinality l (e, n))" \
	'create set remove set set set set' berth events project/acme/web --json
check 'a dry run shows it' answers "concat_ws(' ', d->>'name', d->'pools')" 'dry ["dry"]' berth project create acme/dry --pool dry=7 --space dry -n --json
check '... and makes nothing' refuses not_found berth project show acme/dry

# --- pools and leases of a project ---------------------------------------------------

check 'a pool for a project' answers "concat_ws(' ', d->>'name', d->>'project')" 'more acme/web' \
	berth pool create more --kind number 200-209 --space more --project acme/web --id $more --json
check '... with the prefix' answers "d->>'project'" acme/web berth pool create less --kind number --project project/acme/web --json
check '... again, for none' refuses id_conflict berth pool create more --kind number 200-209 --space more --id $more
check '... of a project that does not exist' refuses not_found berth pool create x --kind number --project acme/nope
check '... of an organization that does not exist' complains 4 'organization nope does not exist' berth pool create x --kind number --project nope/web
check 'the project has them' answers "d->'pools'" '["front", "less", "more", "ports"]' berth project show acme/web --json
check 'a pool of all' exits 0 berth pool create all --kind number 1-50 --space all
check 'a lease in a pool of its own' answers "concat_ws(' ', d->>'project', d->>'value')" 'acme/web 200' \
	berth allocate more --project acme/web --id 55555555-5555-4555-8555-555555555555 --json
check '... again' answers "d->'replayed'" true berth allocate more --project acme/web --id 55555555-5555-4555-8555-555555555555 --json
check '... again without its project' answers "d->'replayed'" true berth allocate more --id 55555555-5555-4555-8555-555555555555 --json
check '... again for another project' refuses id_conflict berth allocate more --project open/web --id 55555555-5555-4555-8555-555555555555
check '... several' answers "(select string_agg(concat_ws(' ', l->>'project', l->>'value'), ' ') from jsonb_array_elements(d) l)" \
	'acme/web 201 acme/web 202' berth allocate more --project acme/web --count 2 --json
check '... a certain one' answers "concat_ws(' ', d->>'project', d->>'value')" 'acme/web 209' berth allocate more --project acme/web --value 209 --json
check 'others get none there' refuses conflict berth allocate more
check '... the error names the project' equal 'acme/web' "$(fault "d->'error'->'detail'->>'project'")"
check '... no other project' refuses conflict berth allocate more --project open/web
check '... not of these values' refuses conflict berth allocate more --value 203
check '... not several' refuses conflict berth allocate more --count 2
check '... also with --wait' refuses conflict berth allocate more --wait=0s
check 'a shared pool serves every project' answers "d->>'project'" open/web berth allocate all --project open/web --json
check '... also a lease without a project' answers "concat(d->>'project')" '' berth allocate all --json
check '... but not an unknown project' refuses not_found berth allocate all --project open/nope
check 'an id of a lease without a project' exits 0 berth allocate all --id 66666666-6666-4666-8666-666666666666
check '... is not one with it' refuses id_conflict berth allocate all --project open/web --id 66666666-6666-4666-8666-666666666666
check 'one that waits' answers "concat_ws(' ', d->>'state', d->>'project')" 'pending acme/kinds' bash -c '
	"$BERTH" -q allocate rack --project acme/kinds --count 5 >"$TMPDIR/made" && "$BERTH" allocate rack --project acme/kinds --wait=0s --json'
check '... is counted' answers "d->'leases'" 6 berth project show acme/kinds --json
check 'the leases of a project' answers "(select string_agg(l->>'value', ' ' order by n) from jsonb_array_elements(d) with ordinality l (l, n))" \
	'209 202 201 200 10.0.0.0' berth lease list --project acme/web --json
check '... a page of them' answers "(select string_agg(l->>'value', ' ' order by n) from jsonb_array_elements(d) with ordinality l (l, n))" '200 10.0.0.0' \
	bash -c '"$BERTH" lease list --project acme/web --limit 2 --json --after "$("$BERTH" lease list --project acme/web --limit 3 --csv | tail -n 1 | cut -d, -f1)"'
check '... in one pool' answers "jsonb_array_length(d)" 1 berth lease list --project project/acme/web --pool front --json
check '... of another project' answers d '[]' berth lease list --project open/web --pool front --json
check '... in a state' answers "jsonb_array_length(d)" 1 berth lease list --project acme/kinds --state pending --json
check '... with a label' answers d '[]' berth lease list --project acme/web -l a=b --json
berth -q allocate more --project acme/web --label a=b >"$TMPDIR/made" && berth -q allocate all --label a=b >"$TMPDIR/made"
check '... which it has' answers "(select string_agg(l->>'value', ' ') from jsonb_array_elements(d) l)" 203 berth lease list --project acme/web -l a=b --json
check '... with any but that' answers "jsonb_array_length(d)" 5 berth lease list --project acme/web -l '!a' --json
check '... of a value' answers "(select string_agg(l->>'project', ' ') from jsonb_array_elements(d) l)" acme/web berth lease list --project acme/web --value 200 --json
check '... that another one has' answers d '[]' berth lease list --project open/web --value 200 --json
check '... that does not exist' refuses not_found berth lease list --project acme/nope
check 'released all' answers "concat_ws(' ', d->>'target', d->>'action')" 'project/acme/web release' berth release project/acme/web --yes --json
check '... but not without confirmation' refuses_plan berth release project/acme/kinds
check '... a plan' answers "concat_ws(' ', d->'targets', d->'effect'->'rack'->'after'->>'free')" '6 5' berth release project/acme/kinds -n --json
check '... the queue lists it' answers "(select string_agg(c->>'action', ' ') from jsonb_array_elements(d) c)" release berth queue list --target project/acme/web --json
check '... work' work
check '... they are gone' answers d '[]' berth lease list --project acme/web --json
check '... the past ones are not' answers "jsonb_array_length(d)" 6 berth lease list --project acme/web --state destroyed --json
check '... the project stays, with its pools' answers "concat_ws(' ', d->>'state', d->'leases', d->'pools')" \
	'active 0 ["front", "less", "more", "ports"]' berth project show acme/web --json
check '... doctor finds nothing' exits 0 berth doctor

# --- all or nothing --------------------------------------------------------------------

# fails_at STEP CODE WORDS...: fails, and leaves nothing
fails_at() {
	local step=$1 code=$2 before
	shift 2
	before=$(fingerprint)
	refuses "$code" "$@" && equal "$step" "$(fault "d->'error'->>'step'")" && equal "$before" "$(fingerprint)"
}
check 'a project of that name exists' fails_at 'project acme/web' already_exists berth project create acme/web --pool new=1-9 --space new --label a=b
check '... with a message' equal 'project acme/web exists already' "$(fault "d->'error'->>'message'")"
check 'a pool of that name exists' fails_at 'pool all' already_exists berth project create acme/new --pool new=1-9 --pool all=1-9 --space new --label a=b
check '... with a message' equal 'pool all exists already' "$(fault "d->'error'->>'message'")"
check 'a range in the way' fails_at 'range 10.0.0.4-10.0.1.7' overlap \
	berth project create acme/new --pool new=10.0.8.0/24 --pool newer=10.0.7.0/24,10.0.0.4-10.0.1.7 --label a=b
check '... the error names its pool' equal 'front 10.0.0.0 10.0.0.7' \
	"$(fault "concat_ws(' ', d->'error'->'detail'->>'pool', d->'error'->'detail'->>'first', d->'error'->'detail'->>'last')")"
check 'too many labels' fails_at labels limit_exceeded berth project create acme/new --pool new=1-9 --space new \
	$(printf -- '--label l%s=x ' {1..51})
check 'the limit of the organization' fails_at 'organization limit' limit_exceeded berth project create free/one --pool new=1-9 --space new
check '... its numbers' equal '{"used": 0, "asked": 1, "limit": 0, "earlier": 0, "organization": "free"}' "$(fault "d->'error'->'detail'")"

# A generated id that is in use is a defect of berth. Another database shows which ids the parts get.
here=$PGDATABASE
new_database
spent=77777777-7777-4777-8777-777777777777
again=(project create acme/new --id $spent --pool new=1-9,20-29 --space new)
berth -q org create acme >"$TMPDIR/made" && berth -q "${again[@]}" >"$TMPDIR/made"
part_pool=$(sql "select id from berth.pool")
part_range=$(sql "select id from berth.request where action = 'pool add' order by (answer->>0)::uuid = (select id from berth.resource where first = 20) limit 1")
PGDATABASE=$here
check 'the id of its pool is in use' exits 0 berth pool create taken --kind number --id "$part_pool"
check '... a defect of berth' fails_at 'pool new' internal berth "${again[@]}"
sql "delete from berth.pool where name = 'taken'; delete from berth.request where id = '$part_pool'" >"$TMPDIR/made"
check 'the id of its range is in use' exits 0 berth org create taken --id "$part_range"
check '... a defect of berth' fails_at 'range 1-9' internal berth "${again[@]}"
check 'the id of the project itself is chosen by the caller' exits 0 berth org create mine --id $spent
check '... but a conflict' fails_at "project acme/new" id_conflict berth "${again[@]}"

# --- which error comes first -----------------------------------------------------------

check 'a replay comes first' answers "d->'replayed'" true bash -c '
	"$BERTH" -q org limit acme --max-projects 0 >"$TMPDIR/made" && "$BERTH" "$@"' - "${create[@]}" --json
check 'an organization that is not there' fails_at 'project nope/web' not_found berth project create nope/web --pool all=1
check 'a name before the limit' fails_at 'project acme/web' already_exists berth project create acme/web --pool all=1
check 'the limit before the pools' fails_at 'organization limit' limit_exceeded berth project create acme/new --pool all=1 --pool front=1
check 'one pool after the other' fails_at 'range 10.0.0.1' overlap berth project create open/new --pool new=10.0.0.1 --pool all=1
check '... by name before its ranges' fails_at 'pool all' already_exists berth project create open/new --pool all=10.0.0.1
check 'the pools before the labels' fails_at 'pool all' already_exists berth project create open/new --pool all=1 $(printf -- '--label l%s=x ' {1..51})

table_of_refusals <<'END'
org create                                    | invalid_input | NAME
org create a/b                                | invalid_input | organization "a/b": a name is
org create a --max-projects -1                | invalid_input | --max-projects: '-1' is neither a whole number from 0 on nor none
org create a --max-projects None              | invalid_input | --max-projects: 'None' is neither
org create a --max-projects 9223372036854775808 | invalid_input | --max-projects
org create a --max-leases 1                   | invalid_input | --max-leases
org limit acme                                | invalid_input | --max-projects: must be given
org limit nope --max-projects 1               | not_found     | organization nope does not exist
org show nope                                 | not_found     | organization nope does not exist
org show pool/web                             | invalid_input | pool/web: expected org/NAME
org delete acme                               | invalid_input | 'org delete': no such verb
project create web                            | invalid_input | project "web": expected ORG/NAME
project create acme/                          | invalid_input | a name must not be empty
project create /web                           | invalid_input | a name must not be empty
project create acme/a/b                       | invalid_input | project "a/b": a name is
project create acme/a b                       | invalid_input | project create
project create acme/n --max-leases x          | invalid_input | --max-leases: 'x' is neither
project create acme/n --pool x                | invalid_input | --pool: "x": expected NAME=RANGE
project create acme/n --pool =1               | invalid_input | --pool: pool: a name must not be empty
project create acme/n --pool x=               | invalid_input | --pool: pool x: range "": not an address, number or host
project create acme/n --pool x=1,             | invalid_input | --pool: pool x: range "": not an address, number or host
project create acme/n --pool x=1,10.0.0.0/24  | invalid_input | pool x: a pool is of one kind, and "1" is number, "10.0.0.0/24" is ipv4
project create acme/n --pool x=10.0.0.1/24    | invalid_input | --pool: range "10.0.0.1/24"
project create acme/n --pool x=1 --pool x=2   | invalid_input | --pool: pool x occurs twice
project create acme/n --space a/b             | invalid_input | space "a/b"
project create acme/n --label a               | invalid_input | --label: label "a": expected KEY=VALUE
project create acme/n --label a=1 --label a=2 | invalid_input | --label: label key "a" occurs twice
project create acme/n --label a-              | invalid_input | --label: label "a-": expected KEY=VALUE
project limit acme/web                        | invalid_input | --max-leases: must be given
project limit acme/nope --max-leases 1        | not_found     | project acme/nope does not exist
project limit nope/web --max-leases 1         | not_found     | organization nope does not exist
project show acme/nope                        | not_found     | project acme/nope does not exist
project list 'a b'                            | invalid_input | organization "a b"
project list -l 'a b'                         | invalid_input | selector
project delete acme/nope                      | not_found     | project acme/nope does not exist
project delete acme/nope -n                   | not_found     | project acme/nope does not exist
project delete acme                           | invalid_input | project "acme": expected ORG/NAME
project delete acme/web --yes                 | invalid_input | --yes
project delete acme/web --max-leases 1        | invalid_input | --max-leases
allocate all --project acme                   | invalid_input | --project: project "acme": expected ORG/NAME
allocate all --project org/acme               | invalid_input | --project: org/acme: expected project/ORG/NAME
lease list --project a                        | invalid_input | --project: project "a": expected
pool create p --kind number --project a       | invalid_input | --project: project "a": expected
events project/acme/nope                      | not_found     | project acme/nope does not exist
events org/nope                               | not_found     | organization nope does not exist
queue list --target project/acme/nope         | not_found     | project acme/nope does not exist
label project/acme/nope a=1                   | not_found     | project acme/nope does not exist
label org/nope a=1                            | not_found     | organization nope does not exist
release project/acme/nope --yes               | not_found     | project acme/nope does not exist
release org/acme --yes                        | invalid_input | only a lease, resource, pool or project can be released
extend project/acme/web --for 1h              | invalid_input | expected lease/ID
--read-only org create x                      | read_only     | --read-only
--read-only project create acme/x             | read_only     | --read-only
--read-only project delete acme/web           | read_only     | --read-only
END
check 'doctor finds nothing' exits 0 berth doctor
