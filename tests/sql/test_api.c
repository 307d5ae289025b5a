/*
 * berth_api, the interface for applications: what its functions return, an SQLSTATE for each error, one
 * transaction with the application's own rows, rights, and objects of an application that outlive an upgrade.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "db/schema/version.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/roles.h"
#include "tests/lib/work.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define LEASE "00000000-0000-4000-8000-000000000001"
#define COMMAND "00000000-0000-4000-8000-000000000002"
#define LABEL "00000000-0000-4000-8000-000000000003"

/* A function that runs a statement and returns how it failed: "BE002 pool x does not exist {...}". */
static const char outcome[] =
    "create function public.outcome(statement text) returns text language plpgsql as $$"
    " declare state text; message text; detail text; begin execute statement; return 'done';"
    " exception when others then get stacked diagnostics state = returned_sqlstate, message = message_text,"
    " detail = pg_exception_detail; return state || ' ' || message || ' ' || detail; end $$";

static int open_api(void **state) {
	struct place *p;

	if (place_open(state) != 0) {
		return 1;
	}
	p = *state;
	database_run(p->database, outcome);
	client_pool(p->conn, "web", KIND_IPV4, "10.0.0.0/30");
	client_pool(p->conn, "six", KIND_IPV6, "2001:db8::/64");
	client_pool(p->conn, "ports", KIND_NUMBER, "1-2");
	client_pool(p->conn, "slots", KIND_HOST, "rack:4");
	return 0;
}

static void a_request_can_be_repeated(void **state) {
	struct place *p = *state;

	work_asks(p->database,
	    "select value || ' ' || state || ' ' || holder || ' ' || labels || ' ' || replayed"
	    " from berth_api.allocate(pool => 'web', id => '" LEASE "', holder => 'vm',"
	    " labels => '{\"env\": \"prod\"}')",
	    "10.0.0.0 active vm {\"env\": \"prod\"} false");
	work_asks(p->database,
	    "select value || ' ' || replayed || ' ' || (differs is null)"
	    " from berth_api.allocate(pool => 'web', id => '" LEASE "')",
	    "10.0.0.0 true true");
	work_asks(p->database,
	    "select replayed || ' ' || differs::text from berth_api.allocate(pool => 'web', id => '" LEASE
	    "', holder => 'other')",
	    "true {\"holder\": \"vm\"}");
	work_asks(p->database,
	    "select action || ' ' || state || ' ' || target || ' ' || replayed from berth_api.release('" LEASE
	    "', id => '" COMMAND "', grace => '1 hour')",
	    "release queued lease/" LEASE " false");
	work_asks(p->database,
	    "select replayed from berth_api.release('" LEASE "', id => '" COMMAND "', grace => '1 hour')",
	    "t");
	work_asks(
	    p->database, "select state from berth_api.cancel('" COMMAND "', reason => 'no')", "cancelled");
	work_asks(p->database,
	    "select labels from berth_api.label('" LEASE
	    "', '{\"env\": null, \"app\": \"web\"}', id => '" LABEL "')",
	    "{\"app\": \"web\"}");
	work_asks(p->database,
	    "select replayed from berth_api.label('" LEASE
	    "', '{\"env\": null, \"app\": \"web\"}', id => '" LABEL "')",
	    "t");
}

static void a_worker_applies_what_is_queued(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	work_asks(p->database,
	    "select (l).until - (l).acquired from berth_api.allocate(pool => 'web', id => '" LEASE
	    "', duration => '90 minutes') l",
	    "01:30:00");
	work_asks(
	    p->database, "select action from berth_api.transfer('" LEASE "', holder => 'new')", "transfer");
	work_asks(
	    p->database, "select action from berth_api.extend('" LEASE "', until => 'infinity')", "extend");
	work_all(p->conn, &w);
	work_asks(p->database,
	    "select holder || ' ' || (until is null) || ' ' || generation from berth_api.lease",
	    "new true 3");
	work_asks(p->database,
	    "select action from berth_api.extend('" LEASE "', duration => '1 day', shorten => true)",
	    "extend");
	work_asks(p->database, "select action from berth_api.release('" LEASE "', expect_generation => 4)",
	    "release");
	work_all(p->conn, &w);
	work_asks(p->database,
	    "select string_agg(action || ' ' || outcome, ', ' order by created) from berth_api.command",
	    "transfer applied, extend applied, extend applied, release applied");
	work_asks(p->database, "select state from berth_api.lease", "destroyed");
}

static void a_value_can_be_asked_for(void **state) {
	static const char *const cases[][3] = {{"web", "10.0.0.2", "10.0.0.2"},
	    {"six", "2001:DB8:0::8000:0:ff", "2001:db8::8000:0:ff"}, {"ports", "2", "2"},
	    {"slots", "rack:3", "rack:3"}};
	static const char *const wrong[][2] = {{"web", "10.0.0.x"}, {"web", "010.0.0.1"},
	    {"web", "10.0.0.0/31"}, {"web", "::1"}, {"six", "10.0.0.1"}, {"six", "2001:db8::/64"},
	    {"ports", "-1"}, {"ports", "1.5"}, {"ports", ""}, {"slots", "rack"},
	    {"slots", "rack:99999999999999999999"}};
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		char *sql = mem_print("select value from berth_api.allocate(pool => '%s', value => '%s')",
		    cases[i][0], cases[i][1]);

		work_asks(p->database, sql, cases[i][2]);
		free(sql);
	}
	for (size_t i = 0; i < COUNT(wrong); i++) {
		char *sql = mem_print(
		    "select left(public.outcome($$select berth_api.allocate(pool => '%s', value => '%s')"
		    "$$), 5)",
		    wrong[i][0], wrong[i][1]);

		work_asks(p->database, sql, "BE001");
		free(sql);
	}
}

static void each_error_has_a_state(void **state) {
	static const char *const cases[][2] = {
	    {"select berth_api.allocate(pool => 'nope')",
		"BE002 pool nope does not exist {\"pool\": \"nope\"}"},
	    {"select berth_api.allocate(pool => '-')", "BE001 pool \"-\": a name is 1 to 63 letters"},
	    {"select berth_api.allocate(pool => 'web', id => '" LEASE "', value => '10.0.0.3')",
		"BE004 lease " LEASE " exists: it does not hold 10.0.0.3 {"},
	    {"select berth_api.allocate(pool => 'web', value => '10.0.0.0')",
		"BE005 value 10.0.0.0 of pool web is held by lease " LEASE},
	    {"select berth_api.allocate(pool => 'ports') from generate_series(1, 3)",
		"BE008 pool ports has 2 free values, 3 were asked for, 2 of them earlier in this "
		"transaction"},
	    {"select berth_api.allocate(pool => 'web', project => 'acme/full')", "BE009 "},
	    {"select berth_api.label('" LEASE
	     "', (select jsonb_object_agg('k' || n, 'v') from generate_series(1, 65) n))",
		"BE010 "},
	    {"select berth_api.release('" COMMAND "')", "BE002 lease " COMMAND " does not exist"},
	    {"select berth_api.release('" LEASE "', grace => '-1 second')", "BE001 grace"},
	    {"select berth_api.extend('" LEASE "')", "BE001 "},
	    {"select berth_api.cancel('" COMMAND "')", "BE002 command " COMMAND " does not exist"},
	    {"select berth_api.label('" LEASE "', '[]')", "BE001 labels: an object is needed {}"},
	    {"select berth_api.label('" LEASE "', null)", "BE001 labels: an object is needed {}"},
	    {"select berth_api.allocate(pool => null)", "BE001 pool"},
	    {"select berth_api.allocate(pool => 'web', until => '2020-01-01')",
		"BE001 the end of the lease is in the past {}"},
	    {"select berth_api.allocate(pool => 'web', value => '10.0.0.3', wait => true)",
		"BE001 wait: not together with value {}"},
	};
	struct place *p = *state;

	database_run(p->database,
	    "select berth.org_create(gen_random_uuid(), 'acme', null, '{}');"
	    "select berth.project_create(gen_random_uuid(), 'acme/full', 0, '{}', '{}');"
	    "select berth_api.allocate(pool => 'web', id => '" LEASE "')");
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *sql = mem_print("select public.outcome($sql$%s$sql$)", cases[i][0]);
		const char *found = database_ask(p->database, sql);

		if (strncmp(found, cases[i][1], strlen(cases[i][1])) != 0) {
			fail_msg("%s: %s, expected %s", cases[i][0], found, cases[i][1]);
		}
		free(sql);
	}
	/* The states are those of the interface alone. */
	work_asks(p->database, "select left(public.outcome('select berth.live_pool(''nope'')'), 30)",
	    "BERTH not_found\npool nope does");
}

/* An application's row and its lease are there together, or neither is. */
static void one_transaction_has_both(void **state) {
	struct place *p = *state;

	database_run(
	    p->database, "create table public.instance (name text primary key, lease uuid, address text)");
	database_run(p->database,
	    "begin;"
	    "insert into public.instance select 'one', id, value from berth_api.allocate(pool => 'web', id "
	    "=> '" LEASE "');"
	    "rollback;");
	work_asks(p->database, "select count(*) from berth_api.lease", "0");
	work_asks(p->database, "select used || ' ' || free from berth_api.pool where name = 'web'", "0 4");
	database_run(p->database,
	    "begin;"
	    "savepoint before;"
	    "insert into public.instance select 'two', id, value from berth_api.allocate(pool => 'web');"
	    "rollback to before;"
	    "insert into public.instance select 'one', id, value from berth_api.allocate(pool => 'web', id "
	    "=> '" LEASE "');"
	    "commit;");
	work_asks(p->database,
	    "select string_agg(i.name || ' ' || i.address || ' ' || l.value, ' ')"
	    " from public.instance i full join berth_api.lease l on l.id = i.lease",
	    "one 10.0.0.0 10.0.0.0");
}

static void views_tell_the_counts(void **state) {
	struct place *p = *state;

	database_run(p->database, "select berth_api.allocate(pool => 'ports'); update berth.pool set "
				  "reuse_delay = 5000000 where name = 'web';"
				  "insert into berth.label (kind, target, prefix, name, value) select "
				  "'pool', id, 'team', 'owner', 'net'"
				  " from berth.pool where name = 'ports'");
	work_asks(p->database,
	    "select string_agg(concat_ws(' ', name, kind, capacity, used, held_back, free, reuse_delay, "
	    "labels), ', '"
	    " order by name) from berth_api.pool where name in ('ports', 'web')",
	    "ports number 2 1 0 1 00:00:00 {\"team/owner\": \"net\"}, web ipv4 4 0 0 4 00:00:05 {}");
	work_asks(p->database,
	    "select string_agg(concat_ws(' ', pool, name, first, last, used, free), ', ' order by pool)"
	    " from berth_api.resource where kind in ('host', 'ipv6')",
	    "six 2001:db8::/64 2001:db8:: 2001:db8::ffff:ffff:ffff:ffff 0 18446744073709551616, slots rack "
	    "rack:1 "
	    "rack:4 0 4");
}

/* Returns how a statement ends for a role. */
static const char *as_role(struct roles *r, enum role role, const char *statement) {
	char *sql =
	    mem_print("set role \"%s\";"
		      "create temporary table said as select public.outcome($sql$%s$sql$) as it; reset role",
		r->logins[role], statement);

	database_run(r->database, "drop table if exists said");
	database_run(r->database, sql);
	free(sql);
	return database_ask(r->database, "select it from said");
}

static void rights_are_those_of_the_verbs(void **state) {
	static const char *const calls[] = {"select berth_api.allocate(pool => 'a')",
	    "select berth_api.release('" LEASE "')", "select berth_api.cancel('" COMMAND "')",
	    "select berth_api.extend('" LEASE "', until => 'infinity')",
	    "select berth_api.transfer('" LEASE "', holder => 'x')",
	    "select berth_api.label('" LEASE "', '{}')"};
	static const char *const views[] = {"lease", "pool", "resource", "command"};
	struct roles *r = roles_new();

	(void)state;
	database_run(r->database, outcome);
	for (enum role role = NOBODY; role < ROLES; role++) {
		for (size_t i = 0; i < COUNT(calls); i++) {
			const char *end = as_role(r, role, calls[i]);

			if ((strncmp(end, "42501", 5) != 0) != (role == OPERATOR || role == ADMIN)) {
				fail_msg("%s as %s: %s", calls[i], r->logins[role], end);
			}
		}
		for (size_t i = 0; i < COUNT(views); i++) {
			char *look = mem_print("select * from berth_api.%s limit 1", views[i]);
			char *change = mem_print("delete from berth_api.%s", views[i]);

			assert_int_equal(strcmp(as_role(r, role, look), "done") == 0, role != NOBODY);
			assert_int_equal(strncmp(as_role(r, role, change), "done", 4) == 0, false);
			free(look);
			free(change);
		}
	}
	roles_free(r);
}

/* The views and functions of an application outlive an upgrade, which makes all routines anew. */
static void an_upgrade_keeps_what_uses_it(void **state) {
	struct place *p = *state;

	database_run(p->database,
	    "create view public.addresses as select id, pool, value, labels from berth_api.lease;"
	    "create view public.use as select name, free from berth_api.pool;"
	    "create function public.take() returns berth_api.lease language sql"
	    " as $$select berth_api.allocate(pool => 'web')$$");
	for (const struct script *script = schema_routines; script->name != NULL; script++) {
		database_run(p->database, script->sql);
	}
	work_asks(p->database, "select (public.take()).value", "10.0.0.0");
	work_asks(p->database, "select value from public.addresses", "10.0.0.0");
	work_asks(p->database, "select free from public.use where name = 'web'", "3");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_api, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_request_can_be_repeated),
	    TEST(a_worker_applies_what_is_queued),
	    TEST(a_value_can_be_asked_for),
	    TEST(each_error_has_a_state),
	    TEST(one_transaction_has_both),
	    TEST(views_tell_the_counts),
	    cmocka_unit_test(rights_are_those_of_the_verbs),
	    TEST(an_upgrade_keeps_what_uses_it),
	};

	return cmocka_run_group_tests_name("api", tests, NULL, NULL);
}
