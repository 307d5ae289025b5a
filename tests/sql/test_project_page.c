/*
 * Pages of projects and organizations for the console: those nearest to their
 * limit come first, and without a limit no more leases are read than are shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/order.h"
#include "model/project.h"
#include "model/syntax/selector.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"

static void make_org(struct place *p, const char *name, int64_t limit) {
	struct batch *b = batch_new(BATCH_WRITE);

	(void)org_create_add(b, id_new(), name, limit, "{}");
	client_run(p->conn, b);
	batch_free(b);
}

static void make_project(struct place *p, const char *name, int64_t limit, const char *labels) {
	struct project_new project = {
	    .id = id_new(), .name = name, .max_leases = limit, .space = "global", .labels = labels};
	struct batch *b = batch_new(BATCH_WRITE);

	(void)project_create_add(b, &project, "{}");
	client_run(p->conn, b);
	batch_free(b);
}

static void take(struct place *p, const char *project, int64_t count) {
	struct buf sql = {0};

	buf_printf(&sql,
	    "select berth.allocate_many(array(select gen_random_uuid() from generate_series(1, %lld)), "
	    "'many', "
	    "'', null, null, 0, '{}', null, '%s')",
	    (long long)count, project);
	database_run(p->database, buf_text(&sql));
	buf_release(&sql);
}

static int open_place(void **state) {
	struct place *p = place_new();

	make_org(p, "acme", 3);
	make_org(p, "beta", NO_LIMIT);
	make_org(p, "gamma", 0);
	client_pool(p->conn, "many", KIND_NUMBER, "1-100000");
	make_project(p, "acme/half", 10, "{\"env\": \"prod\"}");
	make_project(p, "acme/nothing", 0, NULL);
	make_project(p, "acme/over", 4, NULL);
	make_project(p, "beta/free", NO_LIMIT, "{\"env\": \"test\"}");
	make_project(p, "beta/zero", 5, NULL);
	take(p, "acme/half", 5);
	take(p, "acme/over", 4);
	take(p, "beta/free", 3);
	database_run(p->database, "update berth.project set max_leases = 2 where name = 'over'");
	*state = p;
	return 0;
}

/* Checks the names of a page, and the figures of each. */
static void page_is(struct place *p, const struct project_ask *ask, const char *expected, int64_t total) {
	struct batch *b = batch_new(BATCH_READ);
	struct order order = {.counts = true};
	struct project_ask counted = *ask;
	counted.order = &order;
	size_t page = project_page_add(b, &counted);
	size_t count = sorted_report_add(b);
	struct buf text = {0};

	client_run(p->conn, b);
	for (size_t i = 0; i < batch_count(b, page); i++) {
		const struct project *project = batch_row(b, page, i);

		buf_printf(&text, "%s%s/%s %lld/%lld", i == 0 ? "" : ", ", project->organization,
		    project->name, (long long)project->leases, (long long)project->max_leases);
	}
	assert_string_equal(buf_text(&text), expected);
	assert_int_equal(((const struct sorting *)batch_row(b, count, 0))->total, total);
	buf_release(&text);
	batch_free(b);
}

static void the_fullest_is_first(void **state) {
	struct project_ask ask = {.limit = 100};

	page_is(*state, &ask,
	    "acme/over 4/2, acme/nothing 0/0, acme/half 5/10, beta/zero 0/5, beta/free 3/-1", 5);
	ask.offset = 1;
	ask.limit = 2;
	page_is(*state, &ask, "acme/nothing 0/0, acme/half 5/10", 5);
	ask.sort = PROJECT_BY_NAME;
	page_is(*state, &ask, "acme/nothing 0/0, acme/over 4/2", 5);
}

static void words_select(void **state) {
	struct project_ask ask = {.limit = 100, .match = "BETA/"};

	page_is(*state, &ask, "beta/zero 0/5, beta/free 3/-1", 2);
	ask.invert = true;
	page_is(*state, &ask, "acme/over 4/2, acme/nothing 0/0, acme/half 5/10", 3);
	ask.match = "EST"; /* of a label */
	ask.invert = false;
	page_is(*state, &ask, "beta/free 3/-1", 1);
}

static void selectors_select(void **state) {
	struct selector selector = {0};
	struct project_ask ask = {.limit = 100, .selector = &selector};
	struct err err = {0};

	assert_true(selector_parse("env=prod", &selector, &err));
	page_is(*state, &ask, "acme/half 5/10", 1);
	ask.invert = true;
	page_is(*state, &ask, "acme/over 4/2, acme/nothing 0/0, beta/zero 0/5, beta/free 3/-1", 4);
	selector_release(&selector);
}

/* A page that shows up to a few thousand leases does not count millions. */
static void without_a_limit_counting_ends(void **state) {
	struct project_ask ask = {.limit = 100, .match = "free"};
	struct place *p = *state;

	take(p, "beta/free", 9000);
	take(p, "beta/free", 997);
	page_is(p, &ask, "beta/free 10000/-1", 1);
	take(p, "beta/free", 7);
	page_is(p, &ask, "beta/free 10001/-1", 1);
}

/* Returns how many leases this session has read. */
static long looked_at(struct place *p) {
	return strtol(database_ask(p->database, "select seq_tup_read + idx_tup_fetch"
						" from pg_stat_xact_user_tables where relname = 'lease'"),
	    NULL, 10);
}

/* Also where one project has all leases, and the others none. */
static void only_its_own_leases_are_counted(void **state) {
	struct place *p = *state;
	long before;

	take(p, "beta/free", 9000);
	make_project(p, "beta/other", NO_LIMIT, NULL);
	database_run(p->database, "analyze berth.lease");
	database_run(p->database, "begin");
	before = looked_at(p);
	database_run(p->database, "select berth.project_leases(id, 10001) from berth.project; select leases "
				  "from berth.project_view");
	assert_in_range(looked_at(p) - before, 9003, 2 * 9012);
	database_run(p->database, "commit");
}

static void organizations_likewise(void **state) {
	static const char *const names[] = {"acme", "gamma", "beta"};
	struct place *p = *state;

	for (size_t most = 1; most <= 3; most++) {
		struct batch *b = batch_new(BATCH_READ);

		(void)org_near_add(b, (int64_t)most);
		client_run(p->conn, b);
		assert_int_equal(batch_count(b, 0), most);
		for (size_t i = 0; i < most; i++) {
			assert_string_equal(((const struct org *)batch_row(b, 0, i))->name, names[i]);
		}
		batch_free(b);
	}
}

/* A deleted project is on no page; one that is being deleted is, until it is gone. */
static void closed_ones_stay_until_they_are_gone(void **state) {
	struct project_ask ask = {.limit = 100, .match = "zero"};
	struct place *p = *state;

	database_run(
	    p->database, "select berth.project_delete(gen_random_uuid(), 'beta/zero', '', 0, null, '{}')");
	page_is(p, &ask, "beta/zero 0/5", 1);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_fullest_is_first, open_place, place_close),
	    cmocka_unit_test_setup_teardown(words_select, open_place, place_close),
	    cmocka_unit_test_setup_teardown(selectors_select, open_place, place_close),
	    cmocka_unit_test_setup_teardown(without_a_limit_counting_ends, open_place, place_close),
	    cmocka_unit_test_setup_teardown(only_its_own_leases_are_counted, open_place, place_close),
	    cmocka_unit_test_setup_teardown(organizations_likewise, open_place, place_close),
	    cmocka_unit_test_setup_teardown(closed_ones_stay_until_they_are_gone, open_place, place_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
