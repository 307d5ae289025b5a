/*
 * The messages of the command line about a run, and notes beside the answer.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "ui/verbs/verb.h"
#include "ui/cli/run.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define NOW INT64_C(1000)

static const struct {
	struct given given[3];
	size_t count;
	bool ok;
	enum format format;
	bool quiet;
	bool dry_run;
	int64_t deadline;
} runs[] = {
    {{{OPT_END, NULL}}, 0, true, FORMAT_TABLE, false, false, TIME_NONE},
    {{{OPT_JSON, NULL}, {OPT_QUIET, NULL}}, 2, true, FORMAT_JSON, true, false, TIME_NONE},
    {{{OPT_CSV, NULL}, {OPT_DRY_RUN, NULL}}, 2, true, FORMAT_CSV, false, true, TIME_NONE},
    {{{OPT_TIMEOUT, "2s"}}, 1, true, FORMAT_TABLE, false, false, NOW + 2 * TIME_SECOND},
    {{{OPT_TIMEOUT, "2s"}, {OPT_TIMEOUT, "0s"}}, 2, true, FORMAT_TABLE, false, false, NOW},
    {{{OPT_TIMEOUT, "2"}}, 1, false, FORMAT_TABLE, false, false, TIME_NONE},
};

static void test_init(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(runs); i++) {
		struct given given[3];
		struct args args = {.given = given, .given_count = runs[i].count};
		struct run run;
		struct err err = {0};

		memcpy(given, runs[i].given, sizeof given);
		bool ok = run_init(&run, &args, verbs, stdout, stderr, SAFE_ASCII, NOW, &err);

		assert_int_equal(ok, runs[i].ok);
		if (!ok) {
			assert_int_equal(err.code, ERR_INVALID_INPUT);
			assert_non_null(strstr(err.message, "--timeout"));
			err_release(&err);
			continue;
		}
		assert_int_equal(run.sink.format, runs[i].format);
		assert_int_equal(run.sink.form, SAFE_ASCII);
		assert_int_equal(run.quiet, runs[i].quiet);
		assert_int_equal(run.dry_run, runs[i].dry_run);
		assert_true(run.deadline == runs[i].deadline);
		assert_int_equal(run.exit, 0);
	}
}

static void test_note_unless_quiet(void **state) {
	char *text = NULL;
	size_t len = 0;
	struct given given = {OPT_HOST, "a b"};
	const struct args none = {0}, args = {.given = &given, .given_count = 1};
	struct run run = {.args = &none, .verbs = verbs, .err = open_memstream(&text, &len)};

	(void)state;
	assert_non_null(run.err);
	run_note(&run, "%d%% \x1b", 100);
	run.args = &args;
	run_note(&run, "berth worker, not berth help");
	run.quiet = true;
	run_note(&run, "unheard");
	assert_int_equal(fclose(run.err), 0);
	assert_string_equal(text, "berth: 100% ‹1B›\nberth: berth -h 'a b' worker, not berth help\n");
	free(text);
}

/* Every verb has a description and a function, and no two have the same words. */
static void test_verbs(void **state) {
	(void)state;
	for (struct verb_walk w = {.family = verbs}; verb_next(&w);) {
		size_t same = 0;

		assert_true(w.verb->run != NULL || w.verb->answer != NULL);
		assert_true(w.verb->add == NULL || w.verb->answer != NULL || w.verb->run != NULL);
		assert_non_null(w.verb->synopsis);
		assert_non_null(w.verb->summary);
		assert_true(w.verb->min <= w.verb->max);
		for (struct verb_walk other = {.family = verbs}; verb_next(&other);) {
			same += strcmp(other.verb->words, w.verb->words) == 0 ? 1 : 0;
		}
		assert_int_equal(same, 1);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_init),
	    cmocka_unit_test(test_note_unless_quiet),
	    cmocka_unit_test(test_verbs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
