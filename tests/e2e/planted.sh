#!/usr/bin/env bash
# An operator plants functions, operators and tables wherever a role can create objects: in public, as
# PostgreSQL 14 leaves it open, in schemas named like the users, which "$user" in a search path leads to, and in
# the temporary schema. They look as if they were the server's or berth's. No caller ever runs one.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh
. tests/lib/roles.sh

# The test's own queries must not run them.
sql() {
	PGOPTIONS='-c search_path=pg_catalog' psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

lease=11111111-1111-4111-8111-111111111111 stuck=44444444-4444-4444-8444-444444444444
broken=33333333-3333-4333-8333-333333333333
hook bye <<'END'
#!/bin/sh
exit 3
END
prepare() {
	berth pool create web --kind number --space web 1-100 && berth pool create hooked --kind number --space hooked --release-hook bye 1-9 &&
		berth pool create rack --kind host --space rack h1:4 && berth org create acme && berth project create acme/web &&
		berth allocate web --id $lease --label app=shop && berth allocate hooked --id $broken && berth release $broken --id $stuck && work
}
new_database
check 'prepared' prepare
check 'users of each role' roles_new

# --- planted objects -----------------------------------------------------------

# plant SCHEMA: functions and operators that fit calls better than the server's own, which take any type or need
# a conversion. Each records its run, and whether someone else ran it; a rollback does not undo a sequence.
plant() {
	cat <<END
set search_path = pg_catalog;
set client_min_messages = error;
create schema if not exists "$1";
create or replace function "$1".run_by() returns int language plpgsql as \$\$
begin
	perform pg_catalog.nextval('planted.runs');
	if current_user operator(pg_catalog.<>) '${logins[operator]}' then
		perform pg_catalog.nextval('planted.stolen');
	end if;
	return 1;
end \$\$;
do \$\$
declare
	f record;
begin
	for f in
		select name, args, result from (values
			('format', array['text,text', 'text,uuid', 'text,bigint', 'text,text,text', 'text,text,text,text', 'text,bigint,bigint', 'text,uuid,text'], 'text'),
			('concat_ws', array['text,text,text', 'text,uuid,text', 'text,text,uuid', 'text,text,jsonb'], 'text'),
			('concat', array['text', 'text,text'], 'text'),
			('count', array['uuid', 'text', 'jsonb', 'bigint'], 'bigint'),
			('jsonb_build_object', array['text,text', 'text,uuid', 'text,jsonb', 'text,text,text,text', 'text,text,text,bigint'], 'jsonb'),
			('jsonb_build_array', array['text', 'jsonb', 'bigint', 'text,text'], 'jsonb'),
			('to_jsonb', array['text', 'uuid', 'uuid[]', 'jsonb', 'berth.pool_view', 'berth.lease_view'], 'jsonb'),
			('lower', array['varchar', 'name'], 'text'), ('upper', array['varchar'], 'text'), ('left', array['varchar,int'], 'text'),
			('strpos', array['varchar,text', 'text,varchar', 'varchar,varchar'], 'int'),
			('split_part', array['varchar,text,int'], 'text'), ('substr', array['varchar,int'], 'text'), ('md5', array['varchar'], 'text'),
			('host', array['text', 'cidr'], 'text'), ('mod', array['numeric,int'], 'numeric'), ('div', array['numeric,int'], 'numeric'),
			('power', array['numeric,int'], 'numeric'), ('set_config', array['text,text,text', 'name,text,bool'], 'text'),
			('pg_stat_get_activity', array['bigint'], 'int'), ('cardinality', array['uuid[]', 'text[]'], 'int'),
			('unnest', array['uuid[]', 'text[]'], 'uuid'), ('array_agg', array['uuid'], 'uuid[]'),
			('array_length', array['uuid[],int'], 'int'), ('array_position', array['text[],text'], 'int'),
			('jsonb_array_length', array['json'], 'int'), ('now', array['int'], 'timestamptz'),
			('date_part', array['text,timestamp', 'varchar,interval'], 'float8'), ('coalesce', array['text,text'], 'text')
		) as v (name, args, result)
	loop
		for i in 1 .. cardinality(f.args) loop
			begin
				execute pg_catalog.format('create or replace function "$1".%I(%s) returns %s language sql as %L', f.name, f.args[i],
					f.result, pg_catalog.format('select case "$1".run_by() when 1 then null end::%s', f.result));
			exception when syntax_error or undefined_object then null;
			end;
		end loop;
	end loop;
	for f in
		select row_number() over () as n, * from (values ('=', 'text', 'varchar', 'bool'), ('=', 'varchar', 'text', 'bool'), ('=', 'varchar', 'varchar', 'bool'), ('=', 'uuid', 'text', 'bool'),
			('<>', 'text', 'varchar', 'bool'), ('<>', 'varchar', 'text', 'bool'), ('||', 'text', 'uuid', 'text'), ('||', 'text', 'bigint', 'text'),
			('||', 'text', 'numeric', 'text'), ('||', 'text', 'int', 'text'), ('||', 'uuid', 'text', 'text'), ('||', 'varchar', 'text', 'text'),
			('*', 'bigint', 'interval', 'interval'), ('*', 'int', 'interval', 'interval'), ('*', 'numeric', 'bigint', 'numeric'), ('*', 'bigint', 'numeric', 'numeric'),
			('+', 'numeric', 'int', 'numeric'), ('-', 'numeric', 'int', 'numeric'), ('-', 'numeric', 'bigint', 'numeric'), ('/', 'numeric', 'bigint', 'numeric'),
			('>', 'numeric', 'int', 'bool'), ('=', 'numeric', 'int', 'bool'), ('>=', 'numeric', 'int', 'bool'), ('>=', 'numeric', 'bigint', 'bool'), ('>', 'numeric', 'bigint', 'bool'),
			('->', 'jsonb', 'varchar', 'jsonb'), ('->>', 'jsonb', 'varchar', 'text'), ('~', 'varchar', 'text', 'bool'), ('<=', 'name', 'text', 'bool')
		) as v (name, l, r, result)
	loop
		execute pg_catalog.format('create or replace function "$1".operator%s(a %s, b %s) returns %s language sql as %L', f.n, f.l, f.r, f.result,
			pg_catalog.format('select case "$1".run_by() when 1 then null end::%s', f.result));
		begin
			execute pg_catalog.format('create operator "$1".%s (function = "$1".operator%s, leftarg = %s, rightarg = %s)', f.name, f.n, f.l, f.r);
		exception when duplicate_function then null;
		end;
	end loop;
	for f in select relname from pg_catalog.pg_class where relnamespace = 'berth'::regnamespace and relkind in ('r', 'v') loop
		execute pg_catalog.format('create or replace view "$1".%I as select "$1".run_by() as id', f.relname);
	end loop;
end \$\$;
grant usage on schema "$1" to public;
grant select on all tables in schema "$1" to public;
END
}

seed() {
	sql "create schema planted; create sequence planted.runs; create sequence planted.stolen; grant usage on schema planted to public;
		grant usage, select on all sequences in schema planted to public; grant create on schema public to public;
		grant create on database \"$PGDATABASE\" to \"${logins[operator]}\"" || return 1
	for schema in public "$PGUSER" "${logins[admin]}" "${logins[viewer]}" "${logins[worker]}"; do
		plant "$schema" | PGUSER=${logins[operator]} psql -XqAt -v ON_ERROR_STOP=1 || return 1
	done
}
check 'planted' seed

forget() {
	sql "alter sequence planted.runs restart; alter sequence planted.stolen restart"
}
# No one has run a planted object since.
untouched() {
	equal 'f f' "$(sql "select concat_ws(' ', r.is_called::text::char, s.is_called::text::char) from planted.runs r, planted.stolen s")"
}
caught() {
	as "$1" psql -XqAt -c "$2" >/dev/null
	equal "$3" "$(sql "select concat_ws(' ', r.is_called::text::char, s.is_called::text::char) from planted.runs r, planted.stolen s")" && forget
}
check 'careless SQL runs it' caught admin "select format('%s'::text, 'x'::text)" 't t'
check '... so does an operator with a conversion' caught admin "select 1::bigint * interval '1 second'" 't t'
check '... and the name of a table' caught viewer 'select * from lease' 't t'
check '... its owner runs it only as themselves' caught operator "select format('%s'::text, 'x'::text)" 't f'
check 'no run is recorded' untouched

# --- the program -----------------------------------------------------------------

printf 'pool,kind,range,space\nweb,number,200-209,web\n' >"$TMPDIR/ranges.csv"
printf 'allocate web\nlabel pool/web a=b\n' >"$TMPDIR/batch"
hunt() {
	local role=$1 command
	while read -r command; do
		[ -n "$command" ] || continue
		if [ "$role" = superuser ]; then
			check "$role: $command" eval "exits 0 berth $command"
		else
			check "$role: $command" eval "exits 0 as $role \"\$BERTH\" $command"
		fi
		check '... runs nothing planted' untouched
	done
}
reads=$(
	cat <<END
pool list
pool list -l 'a=b,!c,n>1'
pool show web
pool free web
resource list web
resource list -l a=b
resource show web/1-100
lease list
lease list --state active --project acme/web
lease list --pool web --holder x
lease list -l 'app in (shop, blog),tier!=2'
lease list --value 1 --pool web
lease show $lease
queue list --all
queue list --target pool/web
queue show $stuck
queue stats
events
events pool/web --limit 3
worker list
label list pool/web
annotate list pool/web
org list
org show acme
project list
project show acme/web
dedupe runs
doctor
release --pool web -n
release -l app=shop -n --yes
--once pools
--once leases
--once queue
--once labels
--once duplicates
--once projects
END
)
hunt viewer <<<"$reads"
hunt superuser <<<"$reads"
hunt admin <<END
pool create new --kind ipv6 --space new fd00::/64
pool add web 300-309
pool import $TMPDIR/ranges.csv
pool remove web 300-309
org create other --max-projects 3
org limit other --max-projects 5
project create other/one --pool one=1-9,20-29 --space one --label tier=2 --max-leases 5
project limit other/one --max-leases 7
allocate web --holder 'vm 17' --label app=shop --for 2h
allocate web --count 3
allocate web --value 77
allocate one --project other/one
batch $TMPDIR/batch
extend $lease --for 3h
label lease/$lease tier=3
annotate lease/$lease note=x
resource cordon web/1-100
queue force $stuck
release $lease
project delete other/one
END
hunt superuser <<END
allocate rack --holder me
allocate web --wait=0s
allocate web --count 2 -n
release --pool hooked --yes
worker --until-idle --hooks $hooks
migrate
doctor
END
hunt worker <<END
worker --until-idle
END
hunt operator <<END
allocate web
queue stats
END
check 'doctor finds nothing' exits 0 berth doctor

# --- the functions, from a session with every kind of planted object -----------------

# Also tables of our own in the temporary schema, and this search path first.
session() {
	PGUSER=${logins[$1]} psql -XqAt -v ON_ERROR_STOP=1 <<END
create temp table lease as select * from berth.lease_view limit 0;
create temp table pool (id uuid, name text);
create temp table command (id uuid);
create temp table event (id uuid);
create temp table resource (id uuid);
create type pg_temp.verdict as (a int);
create function pg_temp.now() returns timestamptz language sql as 'select case public.run_by() when 1 then null end::timestamptz';
set search_path = public, pg_temp, pg_catalog, berth;
$2
END
}
check 'an operator allocates from such a session' session operator \
	"select pg_catalog.count(*) from berth.allocate('88888888-8888-4888-8888-888888888888', 'web', 'me', null, null, 0, '{}')"
check '... queues' session operator "select id from berth.queue('99999999-9999-4999-8999-999999999999', 'release',
	'[{\"kind\": \"lease\", \"id\": \"88888888-8888-4888-8888-888888888888\"}]', '', 0, null, null, null, false, '{}')"
check '... labels' session operator "select berth.edit_metadata('aaaaaaaa-9999-4999-8999-999999999999', 'label', '{\"kind\": \"pool\", \"name\": \"web\"}', '{\"q\": \"r\"}', '[]', '{}')"
check '... lists' session operator "select id from berth.lease_window(true, array['active'], 'web', null,
	'{\"invert\": false, \"words\": [{\"text\": \"vm\"}], \"terms\": [], \"labels\": []}', false, null, 10, null, null, null)"
check '... plans' session operator "select berth.release_plan('[{\"kind\": \"pool\", \"name\": \"web\"}]')"
check '... and runs doctor' equal t "$(session operator 'select pg_catalog.bool_and(ok) from berth.doctor()')"
check 'no planted object was run as another role' equal f "$(sql 'select is_called from planted.stolen')"
check 'a lease was made, in the right table' equal "${logins[operator]}" \
	"$(sql "select created_by from berth.lease where id = '88888888-8888-4888-8888-888888888888'")"
check 'its release is applied' exits 0 berth worker --until-idle
check '... also for that lease' equal destroyed "$(sql "select state from berth.lease where id = '88888888-8888-4888-8888-888888888888'")"
