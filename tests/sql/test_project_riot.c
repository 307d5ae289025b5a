/*
 * Limits of organizations and projects while many come and go: what is counted is what is there, at every
 * moment.
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
#include "model/lease.h"
#include "model/pool.h"
#include "model/project.h"
#include "model/queue.h"
#include "tests/lib/crowd.h"
#include "tests/lib/database.h"
#include "tests/lib/fleet.h"
#include "tests/lib/place.h"
#include "tests/lib/session.h"
#include "tests/lib/tenant.h"
#include "tests/lib/work.h"

/* At least so many rounds, and so many more as it takes until everything has happened. */
enum { USERS = 5, ROUNDS = 1200, ROUNDS_MOST = 20 * ROUNDS, LATEST = 32 };

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

		tenant_project_add(b, web ? "acme/web" : "acme/b", limit, web ? "own" : "b-own", "1-30");
		riot->asked[user] = PROJECT;
	}
}

static bool has_seen_all(const struct riot *riot) {
	return riot->checks > 10 && riot->allocated > 50 && riot->refused > 10 && riot->deleted > 5 &&
	       riot->made > 0;
}

static struct batch *user_next(struct riot *riot, size_t user) {
	struct batch *b;

	if (riot->rounds >= ROUNDS && (riot->rounds == ROUNDS_MOST || has_seen_all(riot))) {
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

	tenant_project(p->conn, "acme/b", 5, "b-own", "1-30");
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
	assert_true(has_seen_all(&riot));
	work_asks(p->database,
	    "select count(*) > 0 from berth.command where action = 'delete' and outcome = 'applied'", "t");
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(four_workers_and_five_users, tenant_open, place_close),
	};

	return cmocka_run_group_tests_name("project_riot", tests, NULL, NULL);
}
