/*
 * Each granted function refuses arguments that the program never sends: one
 * argument of a good call is spoiled at a time, and nothing is written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "tests/lib/caller.h"
#include "tests/lib/calls.h"
#include "tests/lib/database.h"
#include "tests/lib/evidence.h"
#include "tests/lib/roles.h"

struct stand {
	struct roles *roles;
	struct caller *callers[ROLES];
};

static int open_stand(void **state) {
	struct stand *s = mem_new(1, sizeof *s);

	s->roles = roles_new();
	calls_prepare(s->roles);
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

/* Returns the first role that can call a function. */
static enum role role_of(struct stand *s, const char *function) {
	for (enum role role = VIEWER; role < ROLES; role++) {
		char *sql = mem_print(
		    "select bool_and(has_function_privilege('%s', oid, 'execute')) from " CALLS_FUNCTIONS
		    " f where name = '%s'",
		    role_groups[role], function);
		bool may = strcmp(database_ask(s->roles->database, sql), "t") == 0;

		free(sql);
		if (may) {
			return role;
		}
	}
	fail_msg("nobody may call %s", function);
	abort();
}

static void good_calls_succeed(void **state) {
	struct stand *s = *state;

	for (const struct call_argument *call = call_arguments; call->function != NULL;
	     call += call_size(call)) {
		char *sql = calls_text(call, 0, NULL);
		struct caller *c = s->callers[role_of(s, call->function)];
		const char *got = caller_try(c, sql);
		const char *expected = strcmp(call->function, "dry_run") == 0  ? "BERTD"
				       : strcmp(call->function, "refuse") == 0 ? "BERTH"
									       : "";

		if (strcmp(got, expected) != 0) {
			fail_msg("%s: %s %s", sql, got, caller_said(c));
		}
		free(sql);
	}
}

/* A refused call is rolled back anyway; its locks show whether it had begun to write. */
static void spoil(struct caller *c, const struct call_argument *call, size_t at, const char *bad) {
	char *sql = calls_text(call, at, bad);
	const char *got = caller_try(c, sql);

	bool told = calls_for_applications(call->function)
			? strcmp(got, "BE001") == 0
			: strcmp(got, "BERTH") == 0 && strncmp(caller_said(c), "invalid_input\n", 14) == 0;

	if (!told || strlen(caller_said(c)) > 500) {
		fail_msg("%.900s: %s %.500s", sql, got, caller_said(c));
	}
	free(sql);
}

static void spoiled_calls_are_refused(void **state) {
	struct stand *s = *state;
	size_t n = 0;

	for (const struct call_argument *call = call_arguments; call->function != NULL;
	     call += call_size(call)) {
		struct caller *c = s->callers[role_of(s, call->function)];

		for (size_t at = 0; at < call_size(call); at++) {
			const char *const *bad = call[at].kind == NULL ? NULL : calls_bad(call[at].kind);

			for (; bad != NULL && *bad != NULL; bad++) {
				spoil(c, call, at, *bad);
				n++;
			}
		}
	}
	assert_true(n > 500);
	evidence("spoiled arguments", n);
}

/* Runs a statement as another user with all rights. Returns the error message, or "". */
static const char *as_another(struct stand *s, const char *sql) {
	char *wrapped = mem_print("select public.said($$%s$$)", sql);
	const char *said = database_ask(s->roles->database, wrapped);

	free(wrapped);
	return said;
}

/* calls_prepare() has started the worker "w" as the user with the role. */
static void a_worker_acts_in_its_own_name(void **state) {
	static const char *const foreign[] = {
	    "select berth.apply('w', 10)",
	    "select berth.fan_out('w', 10)",
	    "select berth.maintain('w', 5, 10, null)",
	    "select berth.claim_hooks('w', 1, 1000000)",
	    "select berth.finish_hook('w', gen_random_uuid(), 1, true, '', 1, 5)",
	    "select berth.return_hook('w', gen_random_uuid(), 1)",
	    "select berth.apply('nobody', 10)",
	};
	struct stand *s = *state;
	struct database *d = s->roles->database;

	database_run(d, "create function public.said(what text) returns text language plpgsql as $$ begin"
			" execute what; return ''; exception when others then return sqlerrm; end $$");
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		const char *said = as_another(s, foreign[i]);

		if (strstr(said, "conflict\npostgres has started no worker") != said) {
			fail_msg("%s: %s", foreign[i], said);
		}
	}
	assert_non_null(
	    strstr(as_another(s, "select berth.worker_start('w', 'there', 2, 1000000, true, '2026-01-01')"),
		"is alive"));
	assert_string_equal(database_ask(d, "select berth.worker_beat('w', '2026-01-01')"), "f");
	assert_string_equal(database_ask(d, "select berth.worker_stop('w', '2026-01-01')"), "f");
	assert_string_equal(database_ask(d, "select alive from berth.worker_view where name = 'w'"), "t");
}

/* Also with the right epoch. */
static void a_claim_is_its_workers(void **state) {
	struct stand *s = *state;
	struct database *d = s->roles->database;

	database_run(d,
	    "update berth.command set state = 'running', hook = true, worker = 'v', epoch = 7, begun = now(),"
	    " deadline = now() + interval '1 hour' where id = '22222222-2222-4222-8222-222222222222'");
	caller_run(s->callers[WORKER],
	    "select berth.finish_hook('w', '22222222-2222-4222-8222-222222222222', 7, true, '', 1, 5);"
	    "select berth.return_hook('w', '22222222-2222-4222-8222-222222222222', 7)");
	assert_string_equal(
	    database_ask(d, "select concat_ws(' ', state, worker, epoch) from berth.command where id = "
			    "'22222222-2222-4222-8222-222222222222'"),
	    "running v 7");
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_calls_succeed),
	    cmocka_unit_test(spoiled_calls_are_refused),
	    cmocka_unit_test(a_worker_acts_in_its_own_name),
	    cmocka_unit_test(a_claim_is_its_workers),
	};

	return cmocka_run_group_tests_name("arguments", tests, open_stand, close_stand);
}
