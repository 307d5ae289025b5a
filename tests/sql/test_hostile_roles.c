/*
 * Every role calls all functions granted to it with hostile arguments.
 *
 * The functions and the types of their arguments come from the catalogue, so
 * that none is forgotten.  Each call is checked within its transaction: the
 * error is a clean one, or the tables have changed only where the role can
 * change them, in the caller's own name.  Then calls are committed, and the
 * database stays sound and the worker still works.
 *
 * In an optimized build each argument takes each hostile value; under the
 * sanitizers, which see nothing of the server, only some calls are tried.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "tests/lib/caller.h"
#include "tests/lib/calls.h"
#include "tests/lib/database.h"
#include "tests/lib/roles.h"
#include "tests/lib/client.h"
#include "tests/lib/evidence.h"
#include "tests/lib/sanitized.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { MOST_ARGUMENTS = 16, MOST_VALUES = 16, RANDOM_CALLS = SANITIZED ? 3 : 12 };

/* Hostile values of a type. */
static const struct {
	const char *type;
	const char *values[MOST_VALUES + 1];
} nasty[] = {
    {"uuid", {"null", "'00000000-0000-0000-0000-000000000000'", "gen_random_uuid()",
		 "'11111111-1111-4111-8111-111111111111'", "'22222222-2222-4222-8222-222222222222'",
		 "'33333333-3333-4333-8333-333333333333'"}},
    {"text", {"null", "''", "e'\\x01\\x1b[2J\\n'", "repeat('x', 1000000)",
		 "'''; drop schema berth cascade; --'", "'%s %n %1$s $1 \\\\'", "u&'\\202e\\0130'", "'a/b/c'",
		 "'a'", "'lease'", "'release'", "'number'", "'acme/web'", "'w'"}},
    {"timestamptz", {"null", "'infinity'", "'-infinity'", "'4714-11-24 00:00:00+00 BC'",
			"'294276-12-31 23:59:59+00'", "now()"}},
    {"int8", {"null", "0", "-1", "1", "9223372036854775807", "-9223372036854775808", "10001"}},
    {"int4", {"null", "0", "-1", "1", "2147483647", "-2147483648"}},
    {"bool", {"null", "true", "false"}},
    {"interval", {"null", "'0'", "'-1 microsecond'", "'1 hour'", "'178000000 years'", "'-178000000 years'"}},
    {"float8", {"null", "'nan'", "'infinity'", "'-infinity'", "1e308", "-1e308", "0", "1e-320"}},
    {"numeric", {"null", "0", "-1", "10.5", "'nan'", "'infinity'", "'-infinity'", "1e1000", "1e-1000", "77"}},
    {"jsonb", {"null", "'null'", "'[]'", "'{}'", "'1'", "'\"x\"'", "'[null]'", "'[[]]'", "'[{}]'",
		  "(repeat('[', 1000) || repeat(']', 1000))::jsonb",
		  "(repeat('{\"a\":', 1000) || '1' || repeat('}', 1000))::jsonb",
		  "(select jsonb_agg(n) from generate_series(1, 10000) n)",
		  "'[{\"kind\": \"pool\", \"name\": \"a\"}]'", "'{\"kind\": \"pool\", \"name\": \"a\"}'",
		  "'{\"a\": \"b\"}'", "'[{\"kind\": \"leases\"}]'"}},
    {"_uuid",
	{"null", "'{}'", "array[null]::uuid[]", "'{{11111111-1111-4111-8111-111111111111}}'",
	    "array(select gen_random_uuid() from generate_series(1, 10001))",
	    "array[gen_random_uuid(), gen_random_uuid()]", "'[2:2]={11111111-1111-4111-8111-111111111111}'"}},
    {"_text", {"null", "'{}'", "array[null]::text[]", "'{{a,b},{c,d}}'", "array[repeat('x', 1000000)]"}},
};

/* Returns the values of a type; for an unknown one only null. */
static const char *const *values_of(const char *type) {
	static const char *const nothing[] = {"null", NULL};

	for (size_t i = 0; i < COUNT(nasty); i++) {
		if (strcmp(nasty[i].type, type) == 0) {
			return nasty[i].values;
		}
	}
	return nothing;
}

/* --- allowed changes --- */

/* The tables that a role changes, each with a blank before and after it. */
static const char *const writes[ROLES] = {
    [NOBODY] = "",
    [VIEWER] = "",
    [OPERATOR] = " lease stripe waiting command event label annotation request project open_plan ",
    [WORKER] = " lease stripe waiting command event label annotation project organization resource pool "
	       "worker caller clock sample sampling forecast inspection breach exclusion ",
    [ADMIN] =
	" lease stripe waiting command event label annotation project organization resource pool request "
	"space dedupe_run dedupe_row dedupe_reference caller open_plan former_name exclusion ",
};

/* berth_test.changed() returns which tables have changed since berth_test.look(), and the changes in a name
 * other than the caller's. The count of waiting leases is stored apart from the pool. */
static const char judge[] =
    "create schema berth_test;"
    "create table berth_test.seen (part text primary key, digest text);"
    "create function berth_test.digests() returns table (part text, digest text) language plpgsql as $$"
    " declare t text;"
    " begin"
    "  for t in select relname from pg_class where relnamespace = 'berth'::regnamespace"
    "   and relkind in ('r', 'p') and not relispartition loop"
    "   return query execute format('select %L::text, coalesce(md5(string_agg(r, '','' order by r)), '''')"
    "    from (select (to_jsonb(t) - ''waiting'')::text as r from berth.%I t) s', t, t);"
    "  end loop;"
    "  return query select 'waiting', coalesce(md5(string_agg(id || ' ' || waiting, ',' order by id)), '') "
    "from "
    "berth.pool;"
    " end $$;"
    "create function berth_test.look() returns void language sql as $$"
    " delete from berth_test.seen; insert into berth_test.seen select * from berth_test.digests();"
    " insert into berth_test.seen select 'seq', last_value from berth.event_seq $$;"
    "create function berth_test.changed() returns text language sql security definer as $$"
    " select coalesce(string_agg(what, ' ' order by what), '') from ("
    "  select d.part as what from berth_test.digests() d join berth_test.seen s using (part) where d.digest "
    "<> "
    "s.digest"
    "  union select 'foreign:' || name from ("
    "   select actor as name, seq from berth.event union all select author, seq from berth.command"
    "   union all select created_by, seq from berth.lease) a"
    "  where seq > (select digest::bigint from berth_test.seen where part = 'seq')"
    "   and name not in (session_user, 'berth:expiry')"
    "   and not exists (select from berth.worker w where w.name = a.name and w.login = session_user)) w $$;"
    "grant usage on schema berth_test to public;"
    "revoke execute on function berth_test.look from public";

/* --- allowed errors --- */

/* Errors of berth, missing rights, existing names, and races. */
static const char *const clean[] = {"", "BERTH", "BERTE", "BERTD", "42501", "23505", "40001"};

/* These compute with any argument, or concern other users: they may raise data exceptions. */
static const char *const plain[] = {"value_text", "held_text", "unit_count", "range_text", "exclusions_text",
    "free_count", "ipv6_text", "target_text", "project_leases", "hook_event", "ordered_json", "label_holds",
    "unmet_requirements", "range_contains", "refuse"};

static bool is_one_of(const char *text, const char *const *list, size_t count) {
	for (size_t i = 0; i < count; i++) {
		if (strcmp(text, list[i]) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_clean(const char *function, const char *state) {
	if (is_one_of(state, clean, COUNT(clean)) ||
	    (calls_for_applications(function) && strncmp(state, "BE0", 3) == 0)) {
		return true;
	}
	if (strncmp(function, "dedupe_", 7) == 0) {
		return strncmp(state, "XX", 2) != 0 && strcmp(state, "57014") != 0;
	}
	return (strncmp(state, "22", 2) == 0 || strcmp(state, "0A000") == 0) &&
	       is_one_of(function, plain, COUNT(plain));
}

/* --- the calls --- */

struct function {
	char *name;
	size_t count;
	char *names[MOST_ARGUMENTS];
	char *types[MOST_ARGUMENTS];
};

struct stand {
	struct roles *roles;
	struct caller *callers[ROLES];
	uint64_t chance;
	size_t tried; /* calls */
};

/* Returns the next number of a fixed sequence (xorshift), below `most`. */
static size_t chance(struct stand *s, size_t most) {
	s->chance ^= s->chance << 13;
	s->chance ^= s->chance >> 7;
	s->chance ^= s->chance << 17;
	return (size_t)(s->chance % most);
}

/* Returns the n-th word of a text, between blanks; NULL when there are fewer. */
static char *word_at(const char *text, size_t n) {
	for (; n > 0 && *text != '\0'; n--) {
		text += strcspn(text, " ");
		text += strspn(text, " ");
	}
	return *text == '\0' ? NULL : mem_print("%.*s", (int)strcspn(text, " "), text);
}

/* Finds the n-th function that a role can call, with the names and types of its arguments. */
static bool find_function(struct stand *s, enum role role, size_t n, struct function *f) {
	char *sql = mem_print(
	    "select concat_ws(' ', p.name, (select string_agg(a.name || ' ' || t.typname, ' ' order by n)"
	    "  from unnest(p.proargtypes) with ordinality x (type, n) join unnest(p.proargnames) with "
	    "ordinality a (name, n) using (n) join pg_type t on t.oid = x.type))"
	    " from " CALLS_FUNCTIONS " p where has_function_privilege('%s', p.oid, 'execute')"
	    " order by p.name offset %zu limit 1",
	    role_groups[role], n);
	const char *text = database_ask(s->roles->database, sql);

	*f = (struct function){.name = word_at(text, 0)};
	for (size_t at = 1; f->name != NULL; at += 2) {
		char *name = word_at(text, at);

		if (name == NULL) {
			break;
		}
		assert_true(f->count < MOST_ARGUMENTS);
		f->names[f->count] = name;
		f->types[f->count++] = word_at(text, at + 1);
	}
	free(sql);
	return f->name != NULL;
}

static void function_release(struct function *f) {
	for (size_t i = 0; i < f->count; i++) {
		free(f->names[i]);
		free(f->types[i]);
	}
	free(f->name);
}

/* Returns the entry of a good call's argument; NULL when there is none. */
static const struct call_argument *find_good(const char *function, const char *name) {
	for (const struct call_argument *a = call_arguments; a->function != NULL; a++) {
		if (strcmp(a->function, function) == 0 &&
		    (name == NULL || (a->name != NULL && strcmp(a->name, name) == 0))) {
			return a;
		}
	}
	return NULL;
}

static char *call_of(const struct function *f, const char *const *values) {
	struct buf sql = {0};

	buf_puts(&sql, "select * from ");
	calls_function(f->name, &sql);
	buf_char(&sql, '(');
	for (size_t i = 0; i < f->count; i++) {
		buf_printf(&sql, "%s%s => (%s)::%s", i == 0 ? "" : ", ", f->names[i], values[i], f->types[i]);
	}
	buf_puts(&sql, ")");
	return buf_take(&sql);
}

typedef void try_call(struct stand *s, enum role role, const struct function *f, const char *sql);

static void try_values(
    struct stand *s, enum role role, const struct function *f, const char *const *values, try_call *try) {
	char *sql = call_of(f, values);

	s->tried++;
	try(s, role, f, sql);
	free(sql);
}

/* Tries nulls only, then in a good call each argument's values one at a time, then random combinations. */
static void try_function(struct stand *s, enum role role, const struct function *f, try_call *try) {
	const char *values[MOST_ARGUMENTS];
	const char *good[MOST_ARGUMENTS];

	for (size_t i = 0; i < f->count; i++) {
		const struct call_argument *a = find_good(f->name, f->names[i]);

		good[i] = a == NULL ? "null" : a->good;
		values[i] = "null";
	}
	try_values(s, role, f, values, try);
	for (size_t i = 0; !SANITIZED && i < f->count; i++) {
		memcpy(values, good, sizeof values);
		for (const char *const *one = values_of(f->types[i]); *one != NULL; one++) {
			values[i] = *one;
			try_values(s, role, f, values, try);
		}
	}
	for (size_t n = 0; f->count > 0 && n < RANDOM_CALLS; n++) {
		for (size_t i = 0; i < f->count; i++) {
			const char *const *one = values_of(f->types[i]);
			size_t count = 1; /* no list is empty */

			while (one[count] != NULL) {
				count++;
			}
			values[i] = chance(s, 3) == 0 ? one[chance(s, count)] : good[i];
		}
		try_values(s, role, f, values, try);
	}
}

static void try_all(struct stand *s, enum role role, try_call *try) {
	struct function f;

	for (size_t n = 0; find_function(s, role, n, &f); n++) {
		try_function(s, role, &f, try);
		function_release(&f);
	}
	function_release(&f);
}

static void none_is_forgotten(void **state) {
	struct stand *s = *state;
	struct function f;

	for (enum role role = VIEWER; role < ROLES; role++) {
		for (size_t n = 0; find_function(s, role, n, &f); n++) {
			bool known = strncmp(f.name, "dedupe_", 7) == 0 || find_good(f.name, NULL) != NULL;

			for (size_t i = 0; known && find_good(f.name, NULL) != NULL && i < f.count; i++) {
				known = find_good(f.name, f.names[i]) != NULL;
			}
			if (!known) {
				fail_msg("tests/lib/calls.c has no good call of %s", f.name);
			}
			function_release(&f);
		}
		function_release(&f);
	}
}

/* Runs the call in one transaction, with the check of its changes. */
static void try_undone(struct stand *s, enum role role, const struct function *f, const char *sql) {
	struct caller *c = s->callers[role];
	const char *got = caller_try_then(c, sql, "select berth_test.changed()");
	const char *changed = caller_answer(c);

	if (!is_clean(f->name, got)) {
		fail_msg("as %s: %.2000s: %s %.500s", role_groups[role], sql, got, caller_said(c));
	}
	for (char *word; got[0] == '\0' && (word = word_at(changed, 0)) != NULL; free(word)) {
		char *spaced = mem_print(" %s ", word);

		if (strstr(writes[role], spaced) == NULL) {
			fail_msg("as %s: %.2000s: changed %s", role_groups[role], sql, changed);
		}
		free(spaced);
		changed += strcspn(changed, " ");
		changed += strspn(changed, " ");
	}
}

static void hostile_calls_are_refused_or_harmless(void **state) {
	struct stand *s = *state;

	/* Workers record the time once an hour. */
	database_run(s->roles->database, "update berth.clock set seen = now() - interval '2 hours'");
	database_run(s->roles->database, "select berth_test.look()");
	for (enum role role = VIEWER; role < ROLES; role++) {
		try_all(s, role, try_undone);
	}
}

static void try_for_good(struct stand *s, enum role role, const struct function *f, const char *sql) {
	const char *got;

	/* Functions that end transactions or wait for others are left out. */
	if (strncmp(f->name, "dedupe_", 7) == 0 || strcmp(f->name, "listen") == 0) {
		return;
	}
	got = caller_send(s->callers[role], sql);
	if (!is_clean(f->name, got)) {
		fail_msg(
		    "as %s: %.2000s: %s %.500s", role_groups[role], sql, got, caller_said(s->callers[role]));
	}
}

/* The worker "w" of calls_prepare() runs until nothing is left to do, and processes a new command. */
static void worker_still_works(struct stand *s) {
	struct caller *c = s->callers[WORKER];
	struct database *d = s->roles->database;

	caller_run(s->callers[OPERATOR], "select berth.queue('77777777-7777-4777-8777-777777777777', "
					 "'cordon', '[{\"kind\": \"resource\", \"pool\": "
					 "\"fresh\", \"type\": \"number\", \"host\": \"\", \"range\": "
					 "\"7-9\", \"first\": 7, \"last\": 9}]', '', 0, null, null, "
					 "null, false, '{}')");
	caller_run(c, "select berth.worker_start('w', 'here', 1, 3600000000, true, '2026-01-01')");
	for (int round = 0; round < 1000; round++) {
		caller_run(c, "select berth.fan_out('w', 100)");
		caller_run(c, "select berth.maintain('w', 5, 100, null)");
		caller_run(c,
		    "create temp table if not exists done (n bigint); truncate done; insert into done select "
		    "berth.apply('w', 100)");
		if (strcmp(database_ask(d, "select count(*) from berth.command where id = "
					   "'77777777-7777-4777-8777-777777777777' and outcome = 'applied'"),
			"1") == 0) {
			return;
		}
	}
	fail_msg("%s",
	    database_ask(d, "select state || ' ' || coalesce(explanation, '') from berth.command where id = "
			    "'77777777-7777-4777-8777-777777777777'"));
}

static void nothing_is_left_that_harms(void **state) {
	static const enum role order[] = {VIEWER, ADMIN, OPERATOR, WORKER};
	struct stand *s = *state;

	for (size_t i = 0; i < COUNT(order); i++) {
		try_all(s, order[i], try_for_good);
	}
	caller_send(s->callers[ADMIN],
	    "select berth.pool_create(gen_random_uuid(), 'fresh', 'number', 'fresh', null, 80, 90, 0, 0, "
	    "null, null, "
	    "'[{\"name\": \"7-9\", \"first\": 7, \"last\": 9, \"host\": \"\"}]', '{}')");
	worker_still_works(s);
	session_is_sound(s->roles->owner);
	evidence("hostile calls of the roles", s->tried);
}

static int open_stand(void **state) {
	struct stand *s = mem_new(1, sizeof *s);

	s->roles = roles_new();
	s->chance = 88172645463325252;
	calls_prepare(s->roles);
	database_run(s->roles->database, judge);
	for (enum role role = NOBODY; role < ROLES; role++) {
		s->callers[role] = caller_new(s->roles, role);
	}
	*state = s;
	return 0;
}

static int close_stand(void **state) {
	struct stand *s = *state;

	for (enum role role = NOBODY; role < ROLES; role++) {
		caller_free(s->callers[role]);
	}
	roles_free(s->roles);
	free(s);
	return 0;
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(none_is_forgotten),
	    cmocka_unit_test(hostile_calls_are_refused_or_harmless),
	    cmocka_unit_test(nothing_is_left_that_harms),
	};

	return cmocka_run_group_tests_name("hostile roles", tests, open_stand, close_stand);
}
