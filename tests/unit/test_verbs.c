/*
 * The table of verbs: its examples are valid, misspelt verbs are found, and errors point to the right word.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/batch/batch.h"
#include "model/text/script.h"
#include "ui/verbs/call.h"
#include "ui/verbs/help.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/nearest.h"
#include "ui/verbs/verb.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Cuts the `< FILE` of a shell. */
static size_t without_redirection(const char *line, size_t n) {
	const char *less = memchr(line, '<', n);

	return less == NULL ? n : (size_t)(less - line);
}

/* Each example is a line of a shell whose words are valid, and are those of its verb. */
static void test_examples(void **state) {
	(void)state;
	for (struct verb_walk w = {.family = verbs}; verb_next(&w);) {
		assert_non_null(w.verb->examples);
		for (const char *line = w.verb->examples; *line != '\0'; line += strcspn(line, "\n") + 1) {
			struct script_line words = {0};
			struct args args = {0};
			struct script script;
			struct err err = {0};

			script_init(&script, line, without_redirection(line, strcspn(line, "\n")));
			assert_true(script_next(&script, &words, &err));
			assert_string_equal(words.argv[1], "berth");
			if (!args_parse(words.argc - 1, words.argv + 1, verbs, ARGS_PROGRAM, &args, &err)) {
				fail_msg("%.*s: %s", (int)strcspn(line, "\n"), line, err.message);
			}
			assert_ptr_equal(args.verb, w.verb);
			args_release(&args);
			script_line_release(&words);
		}
	}
}

/* Help ends with the examples, and describes an option as this verb uses it. */
static void test_help(void **state) {
	struct buf help = {0};
	struct err err = {0};
	const char *const words[] = {"dedupe", "check"};

	(void)state;
	assert_true(help_words(verbs, words, 2, &help, &err));
	assert_non_null(strstr(buf_text(&help), "Examples:\n  berth dedupe check\n"));
	assert_non_null(strstr(buf_text(&help), "--value C,…"));
	assert_null(strstr(buf_text(&help), "exactly this value"));
	buf_release(&help);
}

static void test_nearest(void **state) {
	static const struct {
		const char *typed;
		const char *nearest; /* of these */
	} cases[] = {{"pool lst", "pool list"}, {"polo list", "pool list"}, {"alloc", "allocate"},
	    {"dcotor", "doctor"}, {"x", NULL}, {"", NULL}, {"frobnicate", NULL}};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct nearest n = {.typed = cases[i].typed};

		for (struct verb_walk w = {.family = verbs}; verb_next(&w);) {
			nearest_offer(&n, w.verb->words);
		}
		if (cases[i].nearest == NULL) {
			assert_null(n.best);
		} else {
			assert_non_null(n.best);
			assert_string_equal(n.best, cases[i].nearest);
		}
	}
}

static const struct {
	const char *line;
	const char *message; /* a part of it */
	size_t wrong;        /* bytes before the wrong word */
} rejected[] = {
    {"pool lst", "'pool lst': no such verb", 5},
    {"  pool 'lst'", "'pool lst': no such verb", 7},
    {"pool list --sort best", "--sort: 'best' is not one of", 17},
    {"pool list --srt name", "--srt: no such option", 10},
    {"pool show", "missing operand: POOL", 9},
    {"pool show web more", "unexpected operand: 'more'", 14},
    {"pool list --json", "--json: not in the console", 10},
    {"release --pool web --yes", "--yes: refused here", 19},
    {"events --follow", "--follow: not in the console", 7},
    {"pool show 'web", "quote", 14},
};

static void test_rejected(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(rejected); i++) {
		struct err err = {0};
		size_t wrong = 0;
		struct call *call = call_new(rejected[i].line, verbs, false, &wrong, &err);

		if (call != NULL) {
			struct batch *b = call_batch(call, &err); /* the errors of add() */

			assert_null(b);
			wrong = call_blamed(call, &err);
		}
		assert_non_null(err.message);
		if (strstr(err.message, rejected[i].message) == NULL || wrong != rejected[i].wrong) {
			fail_msg("%s: \"%s\" at %zu", rejected[i].line, err.message, wrong);
		}
		call_free(call);
		err_release(&err);
	}
}

/* A reading verb is sent once, after the data that it needs; a changing verb is sent as a dry run first,
 * under the same id. */
static void test_call(void **state) {
	struct err err = {0};
	size_t wrong = 0;
	struct call *call = call_new("pool create web --kind number 1-9", verbs, false, &wrong, &err);
	struct batch *b;
	struct id id;

	(void)state;
	assert_true(call_changes(call) && call_is_possible(call) && call_sends(call));
	b = call_batch(call, &err);
	assert_non_null(b);
	id = call_id(call);
	assert_false(id_is_nil(id));
	batch_free(b);
	call_confirm(call);
	b = call_batch(call, &err);
	assert_true(id_equal(id, call_id(call)));
	batch_free(b);
	call_free(call);
	call = call_new("worker", verbs, false, &wrong, &err);
	assert_false(call_is_possible(call));
	call_free(call);
	call = call_new("version", verbs, false, &wrong, &err);
	assert_false(call_sends(call));
	assert_non_null(strstr(call_text(call), "berth "));
	call_free(call);
	assert_null(call_new("  # nothing", verbs, false, &wrong, &err));
	assert_null(err.message);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_examples),
	    cmocka_unit_test(test_help),
	    cmocka_unit_test(test_nearest),
	    cmocka_unit_test(test_rejected),
	    cmocka_unit_test(test_call),
	};

	return cmocka_run_group_tests_name("verbs", tests, NULL, NULL);
}
