/*
 * Limits of organizations and projects under random concurrent changes: the counters equal the rows at
 * every moment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/project.h"
#include "model/queue.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/riot.h"
#include "tests/lib/client.h"
#include "tests/lib/tenant.h"
#include "tests/lib/work.h"

/* At least so many rounds, and more until everything has happened. */
enum { USERS = 5, ROUNDS = 1200, LATEST = 32 };

struct mob {
	struct riot riot;
	size_t rounds;
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

static unsigned dice(struct mob *mob, unsigned sides) {
	return (unsigned)rand_r(&mob->riot.fleet.seed) % sides;
}

static void add_allocation(struct mob *mob, struct batch *b, size_t user) {
	struct allocate ask = client_ask(pools[dice(mob, 5)], id_new());

	ask.project = dice(mob, 8) == 0 ? NULL : projects[dice(mob, 2)];
	ask.count = dice(mob, 4) == 0 ? 3 : 1;
	ask.wait = ask.count == 1 && dice(mob, 4) == 0;
	ask.duration = dice(mob, 3) == 0 ? 20000 : 0;
	lease_allocate_add(b, &ask);
	mob->asked[user] = LEASE;
	mob->ids[user] = ask.id;
}

static void add_wish(
    struct mob *mob, struct batch *b, size_t user, enum queue_action action, struct target target) {
	struct queue_request request = work_request(action, &target);

	request.grace = dice(mob, 3) == 0 ? 3000 : 0;
	queue_add(b, &request);
	mob->asked[user] = action == QUEUE_DELETE ? DELETION : ELSE;
	mob->ids[user] = request.id;
}

static struct target any_project(struct mob *mob) {
	struct target target = {.kind = TARGET_PROJECT};

	memcpy(target.name, projects[dice(mob, 2)], sizeof "acme/b");
	if (dice(mob, 2) == 0) {
		memcpy(target.name, "acme/web", sizeof "acme/web");
	}
	return target;
}

static void add_deed(struct mob *mob, struct batch *b, size_t user) {
	unsigned what = dice(mob, 100);
	int64_t limit = dice(mob, 3) == 0 ? NO_LIMIT : (int64_t)dice(mob, 30);

	if (what < 50) {
		add_allocation(mob, b, user);
	} else if (what < 70) {
		add_wish(mob, b, user, QUEUE_RELEASE, work_on(TARGET_LEASE, mob->leases[dice(mob, LATEST)]));
	} else if (what < 84) {
		project_limit_add(b, id_new(), projects[dice(mob, 2)], limit, "{}");
	} else if (what < 87) {
		add_wish(mob, b, user, QUEUE_RELEASE, any_project(mob));
	} else if (what < 91) {
		add_wish(mob, b, user, QUEUE_DELETE, any_project(mob));
	} else if (what < 93) {
		queue_cancel_add(b, mob->deletions[dice(mob, LATEST)], "", "{}");
	} else if (what < 95) {
		org_limit_add(b, id_new(), "acme", limit < 3 ? limit : NO_LIMIT, "{}");
	} else {
		bool web = dice(mob, 2) == 0;

		tenant_project_add(b, web ? "acme/web" : "acme/b", limit, web ? "own" : "b-own", "1-30");
		mob->asked[user] = PROJECT;
	}
}

static bool has_seen_all(const struct mob *mob) {
	return mob->riot.checks > 10 && mob->allocated > 50 && mob->refused > 10 && mob->deleted > 5 &&
	       mob->made > 0;
}

static struct batch *user_next(void *data, size_t user) {
	struct mob *mob = data;
	struct batch *b;

	if (mob->rounds >= ROUNDS && has_seen_all(mob)) {
		return NULL;
	}
	mob->rounds++;
	mob->asked[user] = ELSE;
	b = batch_new(BATCH_WRITE);
	add_deed(mob, b, user);
	return b;
}

static void done(struct mob *mob, size_t user) {
	switch (mob->asked[user]) {
	case LEASE:
		mob->leases[mob->allocated++ % LATEST] = mob->ids[user];
		break;
	case DELETION:
		mob->deletions[mob->deleted++ % LATEST] = mob->ids[user];
		break;
	case PROJECT:
		mob->made++;
		break;
	case ELSE:
		break;
	}
}

static void user_answer(void *data, size_t user, const struct err *err) {
	struct mob *mob = data;

	switch (err->code) {
	case ERR_NONE:
		done(mob, user);
		break;
	case ERR_QUOTA_EXCEEDED:
	case ERR_LIMIT_EXCEEDED:
		mob->refused++;
		break;
	case ERR_POOL_EXHAUSTED:
	case ERR_NOT_FOUND:
	case ERR_ALREADY_EXISTS:
	case ERR_PRECONDITION_FAILED:
		break;
	case ERR_CONFLICT:
		/* The pool of another project, or a command that can no longer be cancelled; we have not
		 * given up retrying. */
		assert_string_equal(err->sqlstate, "BERTH");
		break;
	default:
		fail_msg("%s %s %s", err_name(err->code), err->message, err->sqlstate);
	}
}

static void four_workers_and_five_users(void **state) {
	struct place *p = *state;
	struct mob mob = {.riot = {.users = USERS, .next = user_next, .answer = user_answer, .data = &mob}};

	tenant_project(p->conn, "acme/b", 5, "b-own", "1-30");
	work_pool(p->conn, "rests", "1-20", 10000, NULL, NULL);
	work_pool(p->conn, "hooked", "1-20", 0, NULL, "unmake");
	riot_open(&mob.riot, p);
	for (size_t i = 0; i < LATEST; i++) {
		mob.leases[i] = mob.deletions[i] = id_new();
	}
	riot_run(&mob.riot);
	assert_true(has_seen_all(&mob));
	work_asks(p->database,
	    "select count(*) > 0 from berth.command where action = 'delete' and outcome = 'applied'", "t");
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(four_workers_and_five_users, tenant_open, place_close),
	};

	return cmocka_run_group_tests_name("project_riot", tests, NULL, NULL);
}
