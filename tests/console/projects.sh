#!/usr/bin/env bash
# Projects on a real terminal, with a real worker: created by a form, full and in alarm, given another limit,
# deleted by a plan with a phrase, and that cancelled in its window.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/workers.sh

new_database

projects() {
	equal "$1" "$(sql "select count(*) from berth.project where state <> 'destroyed'")"
}
commands() {
	equal "$1" "$(sql 'select count(*) from berth.command')"
}
leases() { # PROJECT NUMBER: live ones
	equal "$2" "$(sql "select count(*) from berth.lease_view where project = '$1' and state <> 'destroyed'")"
}
# Allocates with the command line, which has tests of its own.
take() { # POOL PROJECT
	sql "select value from berth.allocate(gen_random_uuid(), '$1', 'ci', null, null, 0, '{}', null, false, '$2')" >"$TMPDIR/taken"
}
unlock() {
	screen_keys W
	screen_wait 'to enable writes' && screen_type prod && screen_keys Enter &&
		screen_wait '^ prod .* RW 0?9:[0-9][0-9]|^ prod .* RW 10:00'
}

BERTH_ENV=prod screen_start 100 30 "$BERTH"
check 'it starts' screen_wait 'There are no pools yet'
screen_type ':projects'
screen_keys Enter
check 'an empty list tells how to create one' screen_wait 'There are no projects yet.*O creates an organization, a creates a project'
screen_keys a
check 'read-only at the start' screen_wait 'read-only: W turns write mode on'
check 'the environment is named' unlock

# an organization, and a project in it
screen_keys O
check 'a form for an organization' screen_wait '^ NEW ORGANIZATION on prod'
screen_type acme
screen_keys Enter
screen_type 2
screen_keys Enter
check 'it asks for confirmation' screen_wait 'Create organization acme, at most 2 projects\?'
screen_keys y
check 'it is made' screen_wait 'created organization acme: at most 2 projects'
check 'it is listed' screen_wait '^ · acme 0 of 2 projects'
screen_keys a
check 'a form for a project' screen_wait '^ NEW PROJECT on prod'
id=$(screen_text | sed -n 's/^ project \([0-9a-f-]\{36\}\)$/\1/p')
screen_type acme/web
screen_keys Enter
screen_type 2
screen_keys Enter
screen_type 'web-v4=10.0.0.0/30 web-ports=100-103,200'
screen_keys Enter
screen_type 'env=prod'
screen_keys Enter
check 'it asks for confirmation at the end' screen_wait 'Create acme/web, at most 2 leases\?'
screen_keys Enter Enter
check 'Enter never confirms' projects 0
screen_keys y
check 'y does' screen_wait "created acme/web, project $id"
check 'it is shown' screen_wait '^>.○ unused +acme/web +0 +2 +0%'
check 'its organization is counted' screen_wait '^ · acme 1 of 2 projects'
check 'its pools and their ranges are there' equal 'web-ports|5,web-v4|4' "$(sql "select string_agg(name || '|' || capacity, ',' order by name) from berth.pool_view where project = 'acme/web'")"
check 'its label is set' equal 'prod' "$(sql "select value from berth.label where target = '$id' and name = 'env'")"

# a refusal names the part, and the form stays
screen_keys a
check 'the form again' screen_wait '^ > project +acme/'
screen_type other
screen_keys Enter Enter
screen_type web-v4=10.1.0.0/30
screen_keys Enter Enter
check 'it asks again' screen_wait 'Create acme/other, no limit\?'
screen_keys y
check 'the part is named' screen_wait 'pool web-v4: a pool of this name exists'
check 'the form stays' screen_wait '^ NEW PROJECT on prod'
check 'nothing was created' projects 1
screen_keys Escape
check 'Escape leaves it' screen_wait 'nothing was created'

# a full project is an alarm
screen_keys 1
check 'its pools are there' screen_wait '^..○ +web-v4'
screen_type ':allocate web-v4'
screen_keys Enter
check 'the form has the project of the pool' screen_wait '^ +project acme/web$'
screen_keys Enter Enter Enter Enter
check 'the confirmation names the project' screen_wait 'Allocate from web-v4 for acme/web\?'
screen_keys y
check 'one lease is taken' screen_wait 'allocated 10\.0\.0\.0 of web-v4'
screen_type ':projects'
screen_keys Enter
check 'the count is shown' screen_wait '^>.▪ ok +acme/web +1 +2 +50%'
check 'another' take web-ports acme/web
screen_keys Escape
screen_type ':projects'
screen_keys Enter
check 'a full project is an alert' screen_wait '^ ▲ acme/web: its limit of 2 leases is reached'
check 'its row is marked' screen_wait '^>.✖ FULL +acme/web +2 +2 +100%'
screen_keys Enter
check 'one level down are its leases' screen_wait 'projects > acme/web > leases'
check 'of both pools' screen_wait '^..▪ HELD +10\.0\.0\.0 .*web-v4'
screen_keys Escape
check 'Escape goes back to the projects' screen_wait '^>.✖ FULL +acme/web'
screen_keys L
check 'its limit is a form' screen_wait '^ LIMIT OF LEASES on prod'
check 'the form has the present limit' screen_wait '^ now 2 of 2 leases'
screen_keys C-u
screen_type 3
screen_keys Enter
check 'it asks for confirmation first' screen_wait 'Set acme/web to at most 3 leases\?'
screen_keys y
check 'it is set' screen_wait 'acme/web: at most 3 leases'
check 'the project is no longer full' screen_wait '^>.▪ ok +acme/web +2 +3 +66%'

# a deletion asks for its phrase, and can be cancelled
screen_keys r
check 'the phrase is shown whole' screen_wait '^ +delete 2 acme/web$'
check 'the effect on the pools is shown' screen_wait 'web-v4: used 1 → 0, free 3 → 0'
check 'the labels and pools to be deleted are shown' screen_wait 'its labels and pools are gone: web-ports web-v4'
screen_keys Enter
check 'Enter alone does not confirm' screen_wait 'wrong phrase: nothing was queued'
screen_paste 'delete 2 acme/web'
check 'a paste does not confirm' screen_wait 'paste ignored'
screen_type 'delete 1 acme/web'
screen_keys Enter
check 'a wrong phrase keeps the plan' screen_wait '^ +delete 2 acme/web$'
check 'nothing was queued' commands 0
screen_keys C-u
screen_type 'delete 2 acme/web'
screen_keys Enter
check 'the window is shown' screen_wait 'runs in (10|[1-9])s; u cancels: delete acme/web'
check 'it is closed at once' screen_wait '^>.↻ CLOSED +acme/web'
screen_keys r
check 'a second deletion reports that' screen_wait 'it is closed already, by a deletion that is in progress or has failed'
screen_keys Escape
check 'Escape leaves its plan' screen_wait 'nothing was queued$'
screen_keys u
check 'u cancels it' screen_wait 'cancelled, nothing was changed: delete acme/web'
check 'it is open again' screen_wait '^>.▪ ok +acme/web +2 +3'
check 'its leases are unchanged' leases acme/web 2

# changes since the plan are refused and reported
worker_start w1 --attempts 1
screen_keys r
check 'planned again' screen_wait '^ +delete 2 acme/web$'
check 'meanwhile its limit changes' sql "select from berth.project_limit(gen_random_uuid(), 'acme/web', 5, '{}')"
screen_type 'delete 2 acme/web'
screen_keys Enter
check 'the deletion is rejected with a message' screen_wait 'rejected: generation [0-9]+ now, you saw [0-9]+'
check 'it is there as it was' leases acme/web 2

# and then it goes
check 'fresh again' screen_wait '^>.▪ ok +acme/web +2 +5'
screen_keys r
check 'planned once more' screen_wait '^ +delete 2 acme/web$'
screen_type 'delete 2 acme/web'
screen_keys Enter
check 'its end is reported' screen_wait 'applied: project acme/web is gone, and the 2 leases that it had'
check 'everything in it is gone' equal '0|0|0' "$(sql "select (select count(*) from berth.pool_view), (select count(*) from berth.lease where state <> 'destroyed'),
	(select count(*) from berth.label)")"
check 'its place is free' screen_wait '^ · acme 0 of 2 projects'

# one that has nothing goes as well; words open the same plan
screen_type ':project create acme/web'
screen_keys Enter
check 'the command line opens the form' screen_wait 'project +acme/web$'
screen_keys Down Down Down Down
check 'the form asks for confirmation' screen_wait 'Create acme/web, no limit\?'
screen_keys y
check 'the name was free' screen_wait '^..○ unused +acme/web +0 +no limit'
screen_type ':project delete acme/web --reason "not needed"'
screen_keys Enter
check 'the command line opens the plan' screen_wait '^ +delete 0 acme/web$'
check 'with the reason' screen_wait 'reason .*not needed'
screen_type 'delete 0 acme/web'
screen_keys Enter
check 'it goes' screen_wait 'applied: project acme/web is gone, and the 0 leases'
screen_keys C-c
screen_keys C-c C-c
check 'the console ends' screen_ends 0
check 'the worker ends' worker_stop w1
check 'doctor finds nothing' exits 0 berth doctor

# printed
check 'an organization and two projects' sql "
	select from berth.org_create(gen_random_uuid(), 'beta', 2, '{}');
	begin;
	select from berth.project_create('4f2c0a91-0000-4000-8000-000000000001', 'beta/one', 0, '{}', '{}');
	select from berth.charge_organization('4f2c0a91-0000-4000-8000-000000000001');
	select from berth.project_create('4f2c0a91-0000-4000-8000-000000000002', 'beta/two', null, '{}', '{}');
	select from berth.charge_organization('4f2c0a91-0000-4000-8000-000000000002');
	commit"
check 'the projects as text' prints 'FULL   beta/one' berth --once projects
check 'under their organizations' prints 'beta 2 of 2 projects' berth --once projects
check 'as sentences' prints 'unused beta/two: 0 leases, no limit, pools none' berth --once projects --linear
once_bytes() {
	berth --once projects --ascii >"$TMPDIR/once" && ! LC_ALL=C grep -q '[^ -~]' "$TMPDIR/once"
}
check 'the output is ASCII only' once_bytes
