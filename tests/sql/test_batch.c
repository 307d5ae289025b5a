/*
 * The promises of a batch: all or nothing, errors with reason and place, dry
 * runs, and read-only batches.
 */
#include "db/batch/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "gen/queries.h"
#include "model/pool.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static int open_place(void **state) {
	struct place *p = place_new();

	session_let_holders_do(p->database);
	client_pool(p->conn, "a", KIND_NUMBER, "1-1000000");
	*state = p;
	return 0;
}

static size_t add_holder(
    struct batch *b, const char *step, const char *pool, const char *holder, const struct rule *rules) {
	const int64_t priority = 0;
	size_t added = query_lease_allocate_add(
	    b, id_new(), pool, holder, TIME_NONE, 0, &priority, "{}", NULL, false, NULL);

	return batch_rules(b, batch_name(b, added, step), rules);
}

static void all_steps_are_answered_in_order(void **state) {
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);
	size_t before = client_leases(p->database);
	size_t one = add_holder(b, "one", "a", "first", NULL);
	size_t show = pool_show_add(b, "a");
	size_t none = pool_show_add(b, "no such pool");
	size_t two = add_holder(b, "two", "a", "second", NULL);
	const struct lease *lease;

	assert_int_equal(batch_steps(b), 4);
	client_run(p->conn, b);
	lease = batch_row(b, one, 0);
	assert_string_equal(lease->holder, "first");
	lease = batch_row(b, two, 0);
	assert_string_equal(lease->holder, "second");
	assert_int_equal(batch_count(b, show), 1);
	assert_int_equal(batch_count(b, none), 0);
	assert_int_equal(client_leases(p->database), before + 2);
	batch_free(b);
}

static void nothing_of_a_failed_batch_stays(void **state) {
	struct place *p = *state;
	size_t before = client_leases(p->database);

	for (size_t bad = 0; bad < 3; bad++) {
		struct batch *b = batch_new(BATCH_WRITE);
		struct err err = {0};

		for (size_t i = 0; i < 3; i++) {
			static const char *const names[] = {"first", "second", "third"};

			batch_line(b, (int64_t)i + 10);
			add_holder(b, names[i], i == bad ? "missing" : "a", "", NULL);
		}
		client_refused(p->conn, b, ERR_NOT_FOUND, &err);
		assert_string_equal(err.step, bad == 0 ? "first" : bad == 1 ? "second" : "third");
		assert_int_equal(err.line, bad + 10);
		assert_string_equal(err.sqlstate, "BERTH");
		assert_string_equal(err.message, "pool missing does not exist");
		assert_string_equal(err.detail, "{\"pool\": \"missing\"}");
		assert_non_null(err.hint);
		assert_int_equal(client_leases(p->database), before);
		err_release(&err);
		batch_free(b);
	}
}

/* Each step gives the same constraint its own meaning. */
static void constraints_are_classified_by_the_step(void **state) {
	static const struct rule ours[] = {
	    {"other", ERR_NOT_FOUND, "no"},
	    {"lease_holder_ours", ERR_INTERNAL, "ours"},
	    {NULL, ERR_NONE, NULL},
	};
	static const struct rule theirs[] = {
	    {"lease_holder_ours", ERR_INVALID_INPUT, "theirs"}, {NULL, ERR_NONE, NULL}};
	static const struct {
		const struct rule *first, *second;
		const char *message;
		enum err_code code;
	} rows[] = {
	    {ours, theirs, "theirs", ERR_INVALID_INPUT},
	    {theirs, ours, "ours", ERR_INTERNAL},
	    {theirs, NULL, NULL, ERR_INTERNAL},
	};
	struct place *p = *state;

	database_run(
	    p->database, "alter table berth.lease add constraint lease_holder_ours check (holder <> 'bad')");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct batch *b = batch_new(BATCH_WRITE);
		struct err err = {0};

		add_holder(b, "good", "a", "", rows[i].first);
		add_holder(b, "late", "a", "bad", rows[i].second);
		client_refused(p->conn, b, rows[i].code, &err);
		assert_string_equal(err.step, "late");
		assert_string_equal(err.sqlstate, "23514");
		assert_string_equal(err.constraint, "lease_holder_ours");
		assert_true(rows[i].message == NULL || strcmp(err.message, rows[i].message) == 0);
		err_release(&err);
		batch_free(b);
	}
}

static void other_failures_have_their_sqlstate(void **state) {
	static const struct {
		const char *holder;
		const char *sqlstate;
		enum err_code code;
	} rows[] = {
	    {"do select 1/0", "22012", ERR_INTERNAL},
	    {"do select * from nothing", "42P01", ERR_SCHEMA_MISMATCH},
	    {"do select berth.assert_rows(0, 1)", "BERTE", ERR_INTERNAL},
	    {"do select berth.refuse('no such code', 'x')", "BERTH", ERR_INTERNAL},
	    {"do select berth.refuse('in_use', 'x')", "BERTH", ERR_IN_USE},
	    {"do do $$begin raise exception 'x' using errcode = '53200'; end$$", "53200", ERR_UNAVAILABLE},
	    {"do do $$begin raise exception '' using errcode = '57014'; end$$", "57014", ERR_TIMEOUT},
	};
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct batch *b = batch_new(BATCH_WRITE);
		struct err err = {0};

		add_holder(b, NULL, "a", rows[i].holder, NULL);
		client_refused(p->conn, b, rows[i].code, &err);
		assert_string_equal(err.sqlstate, rows[i].sqlstate);
		assert_null(err.step);
		assert_int_equal(err.line, 0);
		assert_true(err.message[0] != '\0');
		err_release(&err);
		batch_free(b);
	}
}

static void a_demand_that_fails_undoes_everything(void **state) {
	static const struct rule rules[] = {
	    {"assert_rows", ERR_PRECONDITION_FAILED, "it has changed"}, {NULL, ERR_NONE, NULL}};
	struct place *p = *state;
	size_t before = client_leases(p->database);
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};

	add_holder(b, "before", "a", "", NULL);
	add_holder(b, "met", "a", "do select berth.assert_rows(1, 1)", rules);
	add_holder(b, "unmet", "a", "do select berth.assert_rows(2, 1)", rules);
	add_holder(b, "after", "a", "", NULL);
	client_refused(p->conn, b, ERR_PRECONDITION_FAILED, &err);
	assert_string_equal(err.step, "unmet");
	assert_string_equal(err.constraint, "assert_rows");
	assert_int_equal(client_leases(p->database), before);
	err_release(&err);
	batch_free(b);
}

static void a_dry_run_answers_and_leaves_nothing(void **state) {
	struct place *p = *state;
	size_t before = client_leases(p->database);
	struct batch *b = batch_new(BATCH_DRY);
	size_t first = add_holder(b, NULL, "a", "first", NULL);
	size_t second = add_holder(b, NULL, "a", "second", NULL);
	size_t show = pool_show_add(b, "a");
	const struct lease *one, *two;
	const struct pool *pool;

	client_run(p->conn, b);
	one = batch_row(b, first, 0);
	two = batch_row(b, second, 0);
	pool = batch_row(b, show, 0);
	assert_string_equal(one->holder, "first");
	assert_true(two->value == one->value + 1);
	assert_int_equal(count_real(pool->used), before + 2);
	assert_int_equal(client_leases(p->database), before);
	batch_free(b);
	session_is_sound(p->conn);
}

static void a_dry_run_fails_as_the_real_one(void **state) {
	static const char *const holders[] = {"do select 1/0", "do select berth.assert_rows(0, 1)",
	    "do select berth.refuse('quota_exceeded', 'no', '{\"max\": 1}', 'ask')"};
	static const struct rule rules[] = {{"assert_rows", ERR_CONFLICT, "changed"}, {NULL, ERR_NONE, NULL}};
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(holders); i++) {
		struct err errs[2] = {{0}, {0}};

		for (int dry = 0; dry < 2; dry++) {
			struct batch *b = batch_new(dry == 1 ? BATCH_DRY : BATCH_WRITE);

			add_holder(b, "good", "a", "", rules);
			batch_line(b, 12);
			add_holder(b, "bad", "a", holders[i], rules);
			assert_false(client_try(p->conn, b, &errs[dry]));
			batch_free(b);
		}
		assert_int_equal(errs[0].code, errs[1].code);
		assert_int_equal(errs[0].line, errs[1].line);
		assert_string_equal(errs[0].message, errs[1].message);
		assert_string_equal(errs[0].step, errs[1].step);
		assert_string_equal(errs[0].sqlstate, errs[1].sqlstate);
		assert_true((errs[0].detail == NULL) == (errs[1].detail == NULL));
		assert_true((errs[0].hint == NULL) == (errs[1].hint == NULL));
		assert_true((errs[0].constraint == NULL) == (errs[1].constraint == NULL));
		err_release(&errs[0]);
		err_release(&errs[1]);
	}
}

static void reading_writes_nothing(void **state) {
	struct place *p = *state;
	size_t before = client_leases(p->database);
	struct conn_options options = {
	    .keywords = database_keywords(), .values = database_values(p->database), .read_only = true};
	struct conn *reader = conn_new(&options);
	struct conn *const conns[] = {p->conn, reader};
	static const enum batch_mode modes[] = {BATCH_READ, BATCH_WRITE};
	struct allocate ask;

	for (size_t i = 0; i < 2; i++) {
		struct batch *b = batch_new(modes[i]);
		struct err err = {0};

		add_holder(b, NULL, "a", "", NULL);
		client_refused(conns[i], b, ERR_READ_ONLY, &err);
		assert_string_equal(err.sqlstate, "25006");
		err_release(&err);
		batch_free(b);
	}
	/* That held for those transactions only. */
	assert_int_equal(client_leases(p->database), before);
	ask = client_ask("a", id_new());
	client_allocate(p->conn, &ask);
	assert_int_equal(client_leases(p->database), before + 1);
	conn_free(reader);
}

static void a_replay_may_only_read(void **state) {
	struct place *p = *state;
	struct conn_options options = {
	    .keywords = database_keywords(), .values = database_values(p->database), .read_only = true};
	struct conn *reader = conn_new(&options);
	struct allocate ask = client_ask("a", id_new());
	u128 value = client_allocate(p->conn, &ask);

	assert_true(client_allocate(reader, &ask) == value);
	conn_free(reader);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_steps_are_answered_in_order),
	    cmocka_unit_test(nothing_of_a_failed_batch_stays),
	    cmocka_unit_test(constraints_are_classified_by_the_step),
	    cmocka_unit_test(other_failures_have_their_sqlstate),
	    cmocka_unit_test(a_demand_that_fails_undoes_everything),
	    cmocka_unit_test(a_dry_run_answers_and_leaves_nothing),
	    cmocka_unit_test(a_dry_run_fails_as_the_real_one),
	    cmocka_unit_test(reading_writes_nothing),
	    cmocka_unit_test(a_replay_may_only_read),
	};

	return cmocka_run_group_tests_name("batch", tests, open_place, place_close);
}
