/*
 * Many workers and many users on one queue: all invariants hold at every
 * moment.
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
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/queue.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/riot.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

/* At least so many rounds, and more until everything has happened. */
enum { USERS = 4, ROUNDS = 1200, LATEST = 48 };

struct mob {
	struct riot riot;
	size_t rounds;
	size_t allocated;
	bool mended; /* a person's decision was applied */
	struct id leases[LATEST];
	struct id commands[LATEST];
	struct id asked[USERS];
};

static const char *const pools[] = {"plain", "slow", "hooked"};
static const char *const places[] = {"plain/1-20", "slow/1-10", "hooked/1-10"};

static struct id any_of(struct mob *mob, const struct id *ids) {
	struct id id = ids[rand_r(&mob->riot.fleet.seed) % LATEST];

	return id_is_nil(id) ? ids[0] : id;
}

static void add_wish(struct mob *mob, struct batch *b, enum queue_action action, struct target target) {
	struct queue_request request = work_request(action, &target);

	request.until = action == QUEUE_EXTEND ? clock_now() + 5000 : TIME_NONE;
	request.shorten = true;
	request.grace = rand_r(&mob->riot.fleet.seed) % 4 == 0 ? 3000 : 0;
	queue_add(b, &request);
	mob->commands[rand_r(&mob->riot.fleet.seed) % LATEST] = request.id;
}

/* A person decides about a stuck command, if there is one. */
static void add_mending(struct mob *mob, struct batch *b) {
	static const enum queue_action actions[] = {QUEUE_RETRY, QUEUE_SKIP, QUEUE_FORCE};
	struct id stuck;

	if (id_parse(
		database_ask(mob->riot.fleet.place->database,
		    "select id from berth.command where state = 'quarantined' order by random() limit 1"),
		&stuck)) {
		add_wish(mob, b, actions[rand_r(&mob->riot.fleet.seed) % 3], work_on(TARGET_COMMAND, stuck));
	} else {
		queue_stats_add(b);
	}
}

static bool has_seen_all(struct mob *mob) {
	mob->mended =
	    mob->mended ||
	    strcmp(database_ask(mob->riot.fleet.place->database,
		       "select exists (select from berth.command where action in ('retry', 'skip', 'force')"
		       " and outcome = 'applied')"),
		"t") == 0;
	return mob->mended && mob->riot.checks > 10 && mob->allocated > 50;
}

static struct batch *user_next(void *data, size_t user) {
	struct mob *mob = data;
	int dice = rand_r(&mob->riot.fleet.seed) % 100, which = rand_r(&mob->riot.fleet.seed) % 3;
	struct allocate ask = client_ask(pools[which], id_new());
	struct batch *b;

	mob->asked[user] = (struct id){0};
	if (mob->rounds >= ROUNDS && has_seen_all(mob)) {
		return NULL;
	}
	mob->rounds++;
	b = batch_new(BATCH_WRITE);
	if (dice < 45 || id_is_nil(mob->leases[0])) {
		ask.priority = dice % 5;
		ask.duration = dice % 3 == 0 ? 20000 : 0;
		ask.wait = dice % 4 == 0;
		lease_allocate_add(b, &ask);
		mob->asked[user] = ask.id;
	} else if (dice < 80) {
		add_wish(mob, b, QUEUE_RELEASE, work_on(TARGET_LEASE, any_of(mob, mob->leases)));
	} else if (dice < 85) {
		add_wish(mob, b, QUEUE_EXTEND, work_on(TARGET_LEASE, any_of(mob, mob->leases)));
	} else if (dice < 90) {
		add_wish(mob, b, dice % 2 == 0 ? QUEUE_CORDON : QUEUE_UNCORDON, work_on_place(places[which]));
	} else if (dice < 92) {
		add_wish(mob, b, QUEUE_RELEASE, work_on_leases(pools[which], 0));
	} else if (dice < 97) {
		add_mending(mob, b);
	} else {
		struct id command = any_of(mob, mob->commands);

		queue_cancel_add(b, id_is_nil(command) ? id_new() : command, "", "{}");
	}
	return b;
}

static void user_answer(void *data, size_t user, const struct err *err) {
	struct mob *mob = data;

	switch (err->code) {
	case ERR_NONE:
		if (!id_is_nil(mob->asked[user])) {
			mob->leases[mob->allocated++ % LATEST] = mob->asked[user];
		}
		break;
	case ERR_POOL_EXHAUSTED:
	case ERR_NOT_FOUND: /* a command that has not been sent yet */
		break;
	case ERR_CONFLICT:
		/* A command that can no longer be cancelled; we have not given up retrying. */
		assert_string_equal(err->sqlstate, "BERTH");
		break;
	default:
		fail_msg("%s %s %s", err_name(err->code), err->message, err->sqlstate);
	}
}

static void four_workers_and_four_users(void **state) {
	struct place *p = *state;
	struct mob mob = {.riot = {.users = USERS, .next = user_next, .answer = user_answer, .data = &mob}};

	client_pool(p->conn, "plain", KIND_NUMBER, "1-20");
	session_add_range(p->conn, "plain", KIND_NUMBER, "101-110");
	work_pool(p->conn, "slow", "1-10", 10000, NULL, NULL);
	work_pool(p->conn, "hooked", "1-10", 0, "make", "unmake");
	riot_open(&mob.riot, p);
	for (size_t i = 0; i < WORKERS; i++) {
		mob.riot.fleet.hands[i].self.tries = 1;
	}
	riot_run(&mob.riot);
	assert_true(has_seen_all(&mob));
	assert_int_equal(mob.riot.fleet.refused, 0);
	work_asks(p->database,
	    "select count(*) from berth.event e where kind = 'lease' and action = 'release' and not exists"
	    " (select from berth.lease l where l.id = e.target and l.released is not null)",
	    "0");
	work_asks(p->database,
	    "select count(*) from (select target from berth.event where kind = 'lease' and action = 'release'"
	    " group by target having count(*) > 1) twice where not exists"
	    " (select from berth.event e where e.target = twice.target and e.action = 'break')",
	    "0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(four_workers_and_four_users),
	};

	return cmocka_run_group_tests_name("riot", tests, NULL, NULL);
}
