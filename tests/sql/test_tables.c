/*
 * Changes that no one can make by hand: only berth's functions write the
 * tables, whichever role has logged in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/roles.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct place {
	struct roles *roles;
	struct database *database; /* theirs */
	PGconn *sessions[ROLES];
};

static int open_place(void **state) {
	struct place *p = mem_new(1, sizeof *p);

	p->roles = roles_new();
	p->database = p->roles->database;
	for (int role = NOBODY; role < ROLES; role++) {
		p->sessions[role] = PQconnectdbParams(
		    database_keywords(), database_as(p->database, p->roles->logins[role]), 0);
		assert_int_equal(PQstatus(p->sessions[role]), CONNECTION_OK);
	}
	*state = p;
	return 0;
}

static int close_place(void **state) {
	struct place *p = *state;

	for (int role = NOBODY; role < ROLES; role++) {
		PQfinish(p->sessions[role]);
	}
	roles_free(p->roles);
	free(p);
	return 0;
}

/* Runs a statement as this role and rolls it back. Returns its SQLSTATE; "" for success. */
static void attempt(struct place *p, enum role role, const char *sql, char state[6]) {
	PGresult *result;
	const char *said;

	PQclear(PQexec(p->sessions[role], "begin"));
	result = PQexec(p->sessions[role], sql);
	said = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	memcpy(state, said == NULL ? "\0\0\0\0\0" : said, 6);
	PQclear(result);
	PQclear(PQexec(p->sessions[role], "rollback"));
}

static void nobody_writes_a_table(void **state) {
	static const struct {
		const char *before, *after;
	} forms[] = {{"insert into", "default values"}, {"delete from", ""}, {"truncate", "cascade"},
	    {"drop table", ""}, {"lock table", "in access exclusive mode"},
	    {"alter table", "disable trigger all"}, {"update", NULL}};
	struct place *p = *state;
	char *tables = mem_text(database_ask(p->database,
	    "select string_agg(c.relname || ' ' || a.attname, ' ') from pg_class c"
	    " join pg_attribute a on a.attrelid = c.oid and a.attnum = 1"
	    " where c.relnamespace = 'berth'::regnamespace and c.relkind in ('r', 'p')"));
	size_t checked = 0;
	char *rest = tables;

	for (char *table = strsep(&rest, " "); table != NULL; table = strsep(&rest, " ")) {
		const char *column = strsep(&rest, " ");

		for (size_t i = 0; i < COUNT(forms) * ROLES; i++) {
			enum role role = (enum role)(i % ROLES);
			const char *after = forms[i / ROLES].after;
			char *set = mem_print("set %s = default", column);
			char *sql = mem_print(
			    "%s berth.%s %s", forms[i / ROLES].before, table, after == NULL ? set : after);
			char sqlstate[6];

			attempt(p, role, sql, sqlstate);
			if (strcmp(sqlstate, "42501") != 0) {
				fail_msg("%s as %d: %s", sql, (int)role, sqlstate);
			}
			free(set);
			free(sql);
			checked++;
		}
	}
	free(tables);
	assert_true(checked >= 8 * COUNT(forms) * ROLES);
}

/* Everything else that a role could reach: other functions, the schema, the sequence, another role. */
static void there_is_no_way_around(void **state) {
	static const char *const statements[] = {
	    "create table berth.mine (x int)",
	    "create function berth.mine() returns int language sql as 'select 1'",
	    "select nextval('berth.event_seq')",
	    "select setval('berth.event_seq', 1)",
	    "set role postgres",
	    "select berth.add_event('x', 'x', 'x', gen_random_uuid(), null, null, null)",
	    "select berth.remember(gen_random_uuid(), '{}')",
	    "select berth.split(gen_random_uuid(), 1)",
	    "drop function berth.dry_run()",
	    "create or replace view berth.pool_view as select 1",
	};
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(statements); i++) {
		for (int role = NOBODY; role < ROLES; role++) {
			char sqlstate[6];

			attempt(p, (enum role)role, statements[i], sqlstate);
			if (strcmp(sqlstate, "42501") != 0) {
				fail_msg("%s as %d: %s", statements[i], role, sqlstate);
			}
		}
	}
}

static void events_are_written_once(void **state) {
	static const char *const statements[] = {"update berth.event set action = 'x'",
	    "delete from berth.event", "update berth.event_view set action = 'x'", "truncate berth.event"};
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(statements); i++) {
		for (int role = NOBODY; role < ROLES; role++) {
			char sqlstate[6];

			attempt(p, (enum role)role, statements[i], sqlstate);
			assert_true(sqlstate[0] != '\0');
		}
	}
	assert_string_equal(
	    database_ask(p->database, "select count(*) > 0 from berth.event where action = 'create'"), "t");
}

/* Functions with the owner's rights find names in the system's schema first. */
static void owners_functions_are_closed(void **state) {
	struct place *p = *state;

	assert_string_equal(
	    database_ask(p->database,
		"select count(*) from pg_proc where pronamespace = 'berth'::regnamespace and prosecdef"
		" and not coalesce(proconfig @> array['search_path=pg_catalog, pg_temp'], false)"),
	    "0");
	assert_string_equal(database_ask(p->database,
				"select coalesce(string_agg(oid::regprocedure::text, ' '), '') from pg_proc"
				" where pronamespace = 'berth'::regnamespace and (proacl is null or exists"
				" (select from aclexplode(proacl) a where a.grantee = 0))"),
	    "");
	assert_string_equal(
	    database_ask(p->database, "select count(*) from pg_roles where rolname like 'berth\\_%'"
				      " and (rolcanlogin or rolsuper or rolbypassrls or rolcreaterole)"),
	    "0");
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_writes_a_table),
	    cmocka_unit_test(there_is_no_way_around),
	    cmocka_unit_test(events_are_written_once),
	    cmocka_unit_test(owners_functions_are_closed),
	};

	return cmocka_run_group_tests_name("tables", tests, open_place, close_place);
}
