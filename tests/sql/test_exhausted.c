/*
 * A request that is refused for lack of values, or by a limit, is told the
 * numbers from before: the request and earlier lines of its batch are rolled
 * back, so that the pool shows the same numbers afterwards.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/id.h"
#include "model/lease.h"
#include "model/project.h"
#include "model/queue.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/tenant.h"
#include "tests/lib/work.h"

static void take(struct conn *c, const char *pool, size_t count) {
	for (size_t i = 0; i < count; i++) {
		(void)work_lease(c, pool);
	}
}

static void has(const char *text, const char *part) {
	if (text == NULL || strstr(text, part) == NULL) {
		fail_msg("\"%s\" is not in %s", part, text == NULL ? "nothing" : text);
	}
}

struct told {
	enum err_code code;
	const char *words;
	const char *parts[4]; /* of the detail */
	const char *hint;
};

static void is_told(struct conn *c, struct batch *b, const struct told *told) {
	struct err err = {0};

	client_refused(c, b, told->code, &err);
	has(err.message, told->words);
	for (size_t i = 0; i < 4 && told->parts[i] != NULL; i++) {
		has(err.detail, told->parts[i]);
	}
	has(err.hint, told->hint);
	err_release(&err);
	batch_free(b);
}

static void add(struct batch *b, const char *pool, int64_t count, const char *project) {
	struct allocate ask = client_ask(pool, id_new());

	ask.count = count;
	ask.project = project;
	ask.duration = 3600 * TIME_SECOND;
	lease_allocate_add(b, &ask);
}

/* 1-10, of which five are taken, and 11-20, which are cordoned. */
static void half_cordoned(struct place *p) {
	struct worker_self w = work_start(p->conn, "w");

	client_pool(p->conn, "c", KIND_NUMBER, "1-10");
	session_add_range(p->conn, "c", KIND_NUMBER, "11-20");
	take(p->conn, "c", 5);
	(void)work_send_on(p->conn, QUEUE_CORDON, work_on_place("c/11-20"));
	work_all(p->conn, &w);
}

static void more_than_there_are(void **state) {
	static const struct told told = {ERR_POOL_EXHAUSTED,
	    "pool c has 5 free values, 8 were asked for: capacity 20, used 5, held back 10, waiting 0",
	    {"\"used\": 5,", "\"free\": 5,", "\"asked\": 8,", "\"next_expiry\": null"}, "ask for fewer"};
	struct place *p = *state;

	half_cordoned(p);
	for (int dry = 0; dry <= 1; dry++) {
		struct batch *b = batch_new(dry == 1 ? BATCH_DRY : BATCH_WRITE);

		add(b, "c", 8, NULL);
		is_told(p->conn, b, &told);
	}
	work_asks(p->database, "select used || ' ' || free from berth.pool_view where name = 'c'", "5 5");
}

static void earlier_lines_are_told_apart(void **state) {
	static const struct told told = {ERR_POOL_EXHAUSTED,
	    "pool c has 5 free values, 7 were asked for, 3 of them by earlier lines: capacity 20, used 5,",
	    {"\"free\": 5,", "\"asked\": 4,", "\"earlier\": 3,", "\"next_expiry\": null"}, "ask for fewer"};
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);

	half_cordoned(p);
	add(b, "c", 3, NULL);
	add(b, "c", 4, NULL);
	is_told(p->conn, b, &told);
}

static void so_are_single_ones(void **state) {
	static const struct told told = {ERR_POOL_EXHAUSTED,
	    "pool twenty has 8 free values, 9 were asked for, 8 of them by earlier lines: capacity 20, used "
	    "12,",
	    {"\"used\": 12,", "\"asked\": 1,", "\"earlier\": 8,"}, "ask for fewer"};
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);

	client_pool(p->conn, "twenty", KIND_NUMBER, "1-20");
	take(p->conn, "twenty", 12);
	for (int i = 0; i < 9; i++) {
		add(b, "twenty", 1, NULL);
	}
	is_told(p->conn, b, &told);
}

static void one_without_any_has_none(void **state) {
	static const struct told told = {ERR_POOL_EXHAUSTED,
	    "pool two has no free value: capacity 2, used 2, held back 0, waiting 0",
	    {"\"free\": 0,", "\"asked\": 3,"}, "add a range or release a lease"};
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);

	client_pool(p->conn, "two", KIND_NUMBER, "1-2");
	take(p->conn, "two", 2);
	add(b, "two", 3, NULL);
	is_told(p->conn, b, &told);
}

/* A worker serves waiting leases; an error says when there is no worker. */
static void values_for_those_who_wait(void **state) {
	static const struct told dead = {ERR_POOL_EXHAUSTED,
	    "pool one: its free values, 1, are for the 1 that wait, and no worker is alive",
	    {"\"pending\": 1,"}, "start a worker: berth worker"};
	static const struct told alive = {ERR_POOL_EXHAUSTED,
	    "pool one: its free values, 1, are for the 1 that wait", {"\"free\": 1,"},
	    "get in line with --wait"};
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);

	client_pool(p->conn, "one", KIND_NUMBER, "1-1");
	(void)work_pending(p->database, "one", 0, 5);
	add(b, "one", 1, NULL);
	is_told(p->conn, b, &dead);
	(void)work_start(p->conn, "w");
	b = batch_new(BATCH_WRITE);
	add(b, "one", 1, NULL);
	is_told(p->conn, b, &alive);
}

/* --- other counts --- */

static void a_projects_leases(void **state) {
	static const struct told told = {ERR_QUOTA_EXCEEDED,
	    "project acme/web has 1 of 3 leases, 4 more were asked for, 2 of them by earlier lines",
	    {"\"used\": 1,", "\"asked\": 2,", "\"earlier\": 2"}, "raise it"};
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);

	project_limit_add(b, id_new(), "acme/web", 3, "{}");
	add(b, "own", 1, "acme/web");
	client_run(p->conn, b);
	batch_free(b);
	b = batch_new(BATCH_WRITE);
	add(b, "own", 1, "acme/web");
	add(b, "all", 1, "acme/web");
	add(b, "own", 2, "acme/web");
	is_told(p->conn, b, &told);
}

static void an_organizations_projects(void **state) {
	static const struct told told = {ERR_LIMIT_EXCEEDED,
	    "organization acme has 1 of 2 projects, 2 more were asked for, 1 of them by earlier lines",
	    {"\"used\": 1,", "\"asked\": 1,", "\"earlier\": 1"}, "raise it"};
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);

	org_limit_add(b, id_new(), "acme", 2, "{}");
	client_run(p->conn, b);
	batch_free(b);
	b = batch_new(BATCH_WRITE);
	tenant_project_add(b, "acme/two", -1, "two", "1-3");
	tenant_project_add(b, "acme/three", -1, "three", "1-3");
	is_told(p->conn, b, &told);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)
#define TENANT(name) cmocka_unit_test_setup_teardown(name, tenant_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(more_than_there_are),
	    TEST(earlier_lines_are_told_apart),
	    TEST(so_are_single_ones),
	    TEST(one_without_any_has_none),
	    TEST(values_for_those_who_wait),
	    TENANT(a_projects_leases),
	    TENANT(an_organizations_projects),
	};

	return cmocka_run_group_tests_name("exhausted", tests, NULL, NULL);
}
