/*
 * Limits of organizations and projects while many come and go: what is counted is what is there, at every
 * moment and whoever meets whom.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch.h"
#include "db/clock.h"
#include "db/conn.h"
#include "db/mem.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/project.h"
#include "model/queue.h"
#include "model/value.h"
#include "tests/lib/crowd.h"
#include "tests/lib/database.h"
#include "tests/lib/fleet.h"
#include "tests/lib/place.h"
#include "tests/lib/session.h"
#include "tests/lib/work.h"

#define CHARGED "select leases from berth.project where name = 'web'"
#define HELD                                                                                                 \
	"select count(*) from berth.lease l join berth.project j on j.id = l.project"                        \
	" where j.name = 'web' and l.state <> 'destroyed'"

static void add_project(
    struct batch *b, const char *name, int64_t limit, const char *pool, const char *text) {
	struct range range = {0};
	struct err err = {0};

	assert_true(range_parse(text, KIND_NUMBER, &range, &err));
	const struct project_pool pools[] = {{pool, KIND_NUMBER, &range, 1}};
	const struct project_new project = {
	    .id = id_new(),
	    .generated = true,
	    .name = name,
	    .max_leases = limit,
	    .space = pool,
	    .pools = pools,
	    .count = 1,
	    .warn = POOL_WARN,
	    .crit = POOL_CRIT,
	};

	project_create_add(b, &project, "{}");
}

static void make_project(
    struct conn *c, const char *name, int64_t limit, const char *pool, const char *text) {
	struct batch *b = batch_new(BATCH_WRITE);

	add_project(b, name, limit, pool, text);
	session_run(c, b);
	batch_free(b);
}

static int open_tenant(void **state) {
	struct place *p = place_new();
	struct batch *b = batch_new(BATCH_WRITE);

	org_create_add(b, id_new(), "acme", NO_LIMIT, "{}");
	session_run(p->conn, b);
	batch_free(b);
	make_project(p->conn, "acme/web", NO_LIMIT, "own", "1-30");
	session_pool(p->conn, "all", KIND_NUMBER, "1-60");
	*state = p;
	return 0;
}

static struct allocate ask_for(const char *pool) {
	struct allocate ask = session_ask(pool, id_new());

	ask.project = "acme/web";
	return ask;
}

static void set_limit(struct conn *c, int64_t limit) {
	struct batch *b = batch_new(BATCH_WRITE);

	project_limit_add(b, id_new(), "acme/web", limit, "{}");
	session_run(c, b);
	batch_free(b);
}

/* --- two that meet --- */

#define WAITING(n)                                                                                           \
	"select count(*) - " #n " + 1 from pg_stat_activity"                                                 \
	" where wait_event_type = 'Lock' and datname = current_database()"

/* The first one is held up at its end, with all its locks; the second one waits for it. */
static bool meet(struct place *p, struct batch *first, struct batch *second, struct err *err) {
	struct conn *other = session_new(database_values(p->database));
	struct err why = {0};
	bool ok;

	session_let_holders_do(p->database);
	session_pool(p->conn, "gate", KIND_NUMBER, "1-9");
	session_add(first, "gate", "do select pg_advisory_xact_lock_shared(7)");
	session_is_sound(other);
	database_run(p->database, "select pg_advisory_lock(7)");
	conn_submit(p->conn, first, TIME_NONE);
	session_step_until(p->conn, p->database, WAITING(1));
	conn_submit(other, second, TIME_NONE);
	session_step_until(other, p->database, WAITING(2));
	database_run(p->database, "select pg_advisory_unlock(7)");
	assert_true(session_finish(p->conn, &why));
	ok = session_finish(other, err);
	conn_free(other);
	batch_free(first);
	batch_free(second);
	return ok;
}

static void the_first_limit_waits_for_who_allocates(void **state) {
	struct place *p = *state;
	struct batch *first = batch_new(BATCH_WRITE), *second = batch_new(BATCH_WRITE);
	struct allocate ask = ask_for("all");
	struct err err = {0};

	lease_allocate_add(first, &ask);
	project_limit_add(second, id_new(), "acme/web", 5, "{}");
	assert_true(meet(p, first, second, &err));
	assert_string_equal(database_ask(p->database, CHARGED), "1");
}

static void who_allocates_waits_for_the_first_limit(void **state) {
	struct place *p = *state;
	struct batch *first = batch_new(BATCH_WRITE), *second = batch_new(BATCH_WRITE);
	struct allocate ask = ask_for("all");
	struct err err = {0};

	project_limit_add(first, id_new(), "acme/web", 0, "{}");
	lease_allocate_add(second, &ask);
	assert_false(meet(p, first, second, &err));
	assert_int_equal(err.code, ERR_QUOTA_EXCEEDED);
	err_release(&err);
	assert_string_equal(database_ask(p->database, HELD), "0");
}

static void who_comes_second_to_the_last_one_is_refused(void **state) {
	struct place *p = *state;
	struct batch *first = batch_new(BATCH_WRITE), *second = batch_new(BATCH_WRITE);
	struct allocate one = ask_for("own"), other = ask_for("all");
	struct err err = {0};

	set_limit(p->conn, 1);
	lease_allocate_add(first, &one);
	lease_allocate_add(second, &other);
	assert_false(meet(p, first, second, &err));
	assert_int_equal(err.code, ERR_QUOTA_EXCEEDED);
	err_release(&err);
	assert_string_equal(database_ask(p->database, CHARGED), "1");
}

static void who_allocates_waits_for_a_deletion(void **state) {
	struct place *p = *state;
	struct batch *first = batch_new(BATCH_WRITE), *second = batch_new(BATCH_WRITE);
	struct target web = {.kind = TARGET_PROJECT, .name = "acme/web"};
	struct wish wish = work_wish(QUEUE_DELETE, &web);
	struct allocate ask = ask_for("all");
	struct err err = {0};

	set_limit(p->conn, 9);
	queue_add(first, &wish);
	lease_allocate_add(second, &ask);
	assert_false(meet(p, first, second, &err));
	assert_int_equal(err.code, ERR_PRECONDITION_FAILED);
	err_release(&err);
}

/* Without a limit nobody waits; the deletion finds what came meanwhile. */
static void a_deletion_takes_what_came_while_it_closed(void **state) {
	struct place *p = *state;
	struct conn *late = session_new(database_values(p->database));
	struct worker_self self = work_start(p->conn, "w");
	struct batch *b = batch_new(BATCH_WRITE);
	struct target web = {.kind = TARGET_PROJECT, .name = "acme/web"};
	struct wish wish = work_wish(QUEUE_DELETE, &web);
	struct allocate ask = ask_for("all");
	struct err err = {0};

	session_let_holders_do(p->database);
	session_pool(p->conn, "gate", KIND_NUMBER, "1-9");
	lease_allocate_add(b, &ask);
	session_add(b, "gate", "do select pg_advisory_xact_lock_shared(7)");
	session_is_sound(late);
	database_run(p->database, "select pg_advisory_lock(7)");
	conn_submit(late, b, TIME_NONE);
	session_step_until(late, p->database, WAITING(1));
	work_send(p->conn, &wish);
	work_all(p->conn, &self);
	work_command_is(p->database, wish.id, "running");
	database_run(p->database, "select pg_advisory_unlock(7)");
	assert_true(session_finish(late, &err));
	work_lease_is(p->database, ask.id, "active");
	work_all(p->conn, &self);
	work_lease_is(p->database, ask.id, "destroyed");
	work_command_is(p->database, wish.id, "done applied");
	work_progress_is(p->database, wish.id, "1 of 1, 0");
	batch_free(b);
	conn_free(late);
}

/* --- chunks --- */

static void no_transaction_of_a_deletion_is_larger_than_a_chunk(void **state) {
	struct place *p = *state;
	struct worker_self self = work_start(p->conn, "w");
	struct target web = {.kind = TARGET_PROJECT, .name = "acme/web"};
	struct wish wish = work_wish(QUEUE_DELETE, &web);
	struct allocate ask = ask_for("many");
	struct batch *b = batch_new(BATCH_WRITE);

	session_pool(p->conn, "many", KIND_NUMBER, "1-1000");
	ask.count = 500;
	lease_allocate_add(b, &ask);
	queue_add(b, &wish);
	session_run(p->conn, b);
	batch_free(b);
	self.chunk = 25;
	work_all(p->conn, &self);
	work_command_is(p->database, wish.id, "done applied");
	work_asks(p->database,
	    "select max(n) <= 25 and count(*) >= 20 from (select count(*) as n from berth.lease group by "
	    "xmin) t",
	    "t");
	work_asks(p->database,
	    "select max(n) <= 25 from (select count(*) as n from berth.command where parent is not null "
	    "group by "
	    "xmin) t",
	    "t");
}

/* --- all of them at once --- */

enum { USERS = 5, ROUNDS = 1200, LATEST = 32 };

struct riot {
	struct fleet fleet;
	size_t rounds;
	size_t checks;
	size_t allocated;
	size_t refused; /* by a limit */
	size_t deleted;
	size_t made;
	struct id leases[LATEST];
	struct id deletions[LATEST];
	enum { ELSE, LEASE, DELETION, PROJECT } asked[USERS];
	struct id ids[USERS];
};

static const char *const projects[] = {"acme/web", "acme/b"};
static const char *const pools[] = {"all", "own", "b-own", "rests", "hooked"};

static unsigned dice(struct riot *riot, unsigned sides) {
	return (unsigned)rand_r(&riot->fleet.seed) % sides;
}

static void add_allocation(struct riot *riot, struct batch *b, size_t user) {
	struct allocate ask = session_ask(pools[dice(riot, 5)], id_new());

	ask.project = dice(riot, 8) == 0 ? NULL : projects[dice(riot, 2)];
	ask.count = dice(riot, 4) == 0 ? 3 : 1;
	ask.wait = ask.count == 1 && dice(riot, 4) == 0;
	ask.duration = dice(riot, 3) == 0 ? 20000 : 0;
	lease_allocate_add(b, &ask);
	riot->asked[user] = LEASE;
	riot->ids[user] = ask.id;
}

static void add_wish(
    struct riot *riot, struct batch *b, size_t user, enum queue_action action, struct target target) {
	struct wish wish = work_wish(action, &target);

	wish.grace = dice(riot, 3) == 0 ? 3000 : 0;
	queue_add(b, &wish);
	riot->asked[user] = action == QUEUE_DELETE ? DELETION : ELSE;
	riot->ids[user] = wish.id;
}

static struct target any_project(struct riot *riot) {
	struct target target = {.kind = TARGET_PROJECT};

	memcpy(target.name, projects[dice(riot, 2)], sizeof "acme/b");
	if (dice(riot, 2) == 0) {
		memcpy(target.name, "acme/web", sizeof "acme/web");
	}
	return target;
}

static void add_deed(struct riot *riot, struct batch *b, size_t user) {
	unsigned what = dice(riot, 100);
	int64_t limit = dice(riot, 3) == 0 ? NO_LIMIT : (int64_t)dice(riot, 30);

	if (what < 50) {
		add_allocation(riot, b, user);
	} else if (what < 70) {
		add_wish(
		    riot, b, user, QUEUE_RELEASE, work_on(TARGET_LEASE, riot->leases[dice(riot, LATEST)]));
	} else if (what < 84) {
		project_limit_add(b, id_new(), projects[dice(riot, 2)], limit, "{}");
	} else if (what < 87) {
		add_wish(riot, b, user, QUEUE_RELEASE, any_project(riot));
	} else if (what < 91) {
		add_wish(riot, b, user, QUEUE_DELETE, any_project(riot));
	} else if (what < 93) {
		queue_cancel_add(b, riot->deletions[dice(riot, LATEST)], "", "{}");
	} else if (what < 95) {
		org_limit_add(b, id_new(), "acme", limit < 3 ? limit : NO_LIMIT, "{}");
	} else {
		bool web = dice(riot, 2) == 0;

		add_project(b, web ? "acme/web" : "acme/b", limit, web ? "own" : "b-own", "1-30");
		riot->asked[user] = PROJECT;
	}
}

static struct batch *user_next(struct riot *riot, size_t user) {
	struct batch *b;

	if (riot->rounds == ROUNDS) {
		return NULL;
	}
	riot->rounds++;
	riot->asked[user] = ELSE;
	b = batch_new(BATCH_WRITE);
	add_deed(riot, b, user);
	return b;
}

static void done(struct riot *riot, size_t user) {
	switch (riot->asked[user]) {
	case LEASE:
		riot->leases[riot->allocated++ % LATEST] = riot->ids[user];
		break;
	case DELETION:
		riot->deletions[riot->deleted++ % LATEST] = riot->ids[user];
		break;
	case PROJECT:
		riot->made++;
		break;
	case ELSE:
		break;
	}
}

static void user_answer(struct riot *riot, size_t user, const struct err *err) {
	switch (err->code) {
	case ERR_NONE:
		done(riot, user);
		break;
	case ERR_QUOTA_EXCEEDED:
	case ERR_LIMIT_EXCEEDED:
		riot->refused++;
		break;
	case ERR_POOL_EXHAUSTED:
	case ERR_NOT_FOUND:
	case ERR_ALREADY_EXISTS:
	case ERR_PRECONDITION_FAILED:
		break;
	case ERR_CONFLICT:
		/* Another's pool, or what cannot be cancelled any more; and not that we gave up. */
		assert_string_equal(err->sqlstate, "BERTH");
		break;
	default:
		fail_msg("%s %s %s", err_name(err->code), err->message, err->sqlstate);
	}
}

/* The last client looks whether all is well, at every moment. */
enum { DOCTOR = WORKERS + USERS };

static struct batch *riot_next(void *data, size_t client) {
	struct riot *riot = data;
	struct batch *b;

	if (client < WORKERS) {
		return fleet_next(&riot->fleet, client);
	}
	if (client < DOCTOR) {
		return user_next(riot, client - WORKERS);
	}
	if (riot->fleet.ended) {
		return NULL;
	}
	b = batch_new(BATCH_READ);
	doctor_add(b);
	return b;
}

static void riot_answer(void *data, size_t client, struct batch *b, struct err *err) {
	struct riot *riot = data;

	if (client < WORKERS) {
		fleet_answer(&riot->fleet, client, b, err);
		return;
	}
	if (client < DOCTOR) {
		user_answer(riot, client - WORKERS, err);
		return;
	}
	assert_int_equal(err->code, ERR_NONE);
	for (size_t i = 0; i < batch_count(b, 0); i++) {
		const struct finding *finding = batch_row(b, 0, i);

		if (!finding->ok) {
			fail_msg("%s: %s", finding->name, finding->examples);
		}
	}
	riot->checks++;
}

static void four_workers_and_five_users(void **state) {
	struct place *p = *state;
	struct riot riot = {.rounds = 0};
	struct crowd crowd = {riot_next, riot_answer, &riot};

	make_project(p->conn, "acme/b", 5, "b-own", "1-30");
	work_pool(p->conn, "rests", "1-20", 10000, NULL, NULL);
	work_pool(p->conn, "hooked", "1-20", 0, NULL, "unmake");
	fleet_open(&riot.fleet, p,
	    "select 1 where not exists (select from berth.command where state in ('queued', 'running'))"
	    " and not exists (select from berth.lease where rest_until is not null"
	    " or (until is not null and state in ('pending', 'acquired', 'active')))");
	for (size_t i = 0; i < LATEST; i++) {
		riot.leases[i] = riot.deletions[i] = id_new();
	}
	crowd_run(database_values(p->database), DOCTOR + 1, &crowd);
	assert_true(riot.checks > 10);
	assert_true(riot.allocated > 50);
	assert_true(riot.refused > 10);
	assert_true(riot.deleted > 5);
	assert_true(riot.made > 0);
	work_asks(p->database,
	    "select count(*) > 0 from berth.command where action = 'delete' and outcome = 'applied'", "t");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_tenant, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(the_first_limit_waits_for_who_allocates),
	    TEST(who_allocates_waits_for_the_first_limit),
	    TEST(who_comes_second_to_the_last_one_is_refused),
	    TEST(who_allocates_waits_for_a_deletion),
	    TEST(a_deletion_takes_what_came_while_it_closed),
	    TEST(no_transaction_of_a_deletion_is_larger_than_a_chunk),
	    TEST(four_workers_and_five_users),
	};

	return cmocka_run_group_tests_name("projects", tests, NULL, NULL);
}
