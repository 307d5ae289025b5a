/*
 * A pool that is renamed, cut and set anew, and of which values are excluded, while eight allocate from it
 * and four workers release: no value is given from a part that is gone or while it is excluded, none is
 * lost, and all invariants hold at every moment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "model/exclusion.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/syntax/range.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/riot.h"
#include "tests/lib/work.h"

enum { ALLOCATORS = 8, ADMIN = ALLOCATORS, KEEPER, USERS, SIZE = 600, ROUNDS = 900, LATEST = 32, NAME = 16 };

enum deed_of_user { ALLOCATE, REPEAT, EXCLUDE, INCLUDE, OTHER };

/* A request for a lease. */
struct asked {
	struct id id;
	char pool[NAME]; /* as it was called then */
};

struct mob {
	struct riot riot;
	size_t rounds;
	size_t renamed, removed, used; /* successes of the administrator, and removals that were refused */
	size_t allocated, repeated, excluded, included, kept; /* kept: allocations that were refused for it */
	char name[NAME]; /* of the pool, as far as its last rename was answered */
	char wanted[NAME];
	struct asked leases[LATEST], asked[USERS];
	enum deed_of_user doing[USERS];
	int change; /* of the administrator */
};

static int dice(struct mob *mob, int sides) {
	return rand_r(&mob->riot.fleet.seed) % sides;
}

static bool has_seen_all(const struct mob *mob) {
	return mob->renamed > 5 && mob->removed > 10 && mob->used > 0 && mob->repeated > 20 &&
	       mob->allocated > 100 && mob->riot.checks > 5 && mob->excluded > 20 && mob->included > 10 &&
	       mob->kept > 0;
}

static void add_allocation(struct mob *mob, size_t user, struct batch *b) {
	struct allocate ask;
	char value[12];

	mob->doing[user] = ALLOCATE;
	mob->asked[user].id = id_new();
	memcpy(mob->asked[user].pool, mob->name, NAME);
	(void)snprintf(value, sizeof value, "%d", 1 + dice(mob, SIZE));
	ask = dice(mob, 3) == 0
		  ? session_ask_value(mob->asked[user].pool, mob->asked[user].id, KIND_NUMBER, value)
		  : client_ask(mob->asked[user].pool, mob->asked[user].id);
	ask.count = !ask.by_value && dice(mob, 4) == 0 ? 3 : ask.count;
	lease_allocate_add(b, &ask);
}

/* Repeats an earlier request under the name that the pool had then. */
static void add_replay(struct mob *mob, size_t user, struct batch *b) {
	size_t which = (size_t)dice(mob, LATEST);
	struct allocate ask = client_ask(mob->leases[which].pool, mob->leases[which].id);

	mob->doing[user] = REPEAT;
	lease_allocate_add(b, &ask);
}

static void add_change(struct mob *mob, struct batch *b) {
	const int64_t warn = 50 + dice(mob, 30), delay = dice(mob, 2) * 3000;
	struct range range = {.kind = KIND_NUMBER};

	mob->change = dice(mob, 8);
	if (mob->change == 0) {
		(void)snprintf(mob->wanted, NAME, "p%zu", mob->renamed + 1);
		pool_rename_add(b, id_new(), mob->name, mob->wanted, "{}");
	} else if (mob->change == 1) {
		pool_set_add(b, id_new(), mob->name,
		    &(struct pool_settings){.warn = &warn, .reuse_delay = &delay}, "{}");
	} else {
		size_t first = 1 + (size_t)dice(mob, SIZE);
		size_t last = first + (size_t)dice(mob, 4);

		range.first = first;
		range.last = last;
		pool_remove_add(b, id_new(), mob->name, &range, "{}");
	}
}

/* Excludes a few values, or lets some more of them be given again. */
static void add_keeping(struct mob *mob, struct batch *b) {
	bool excludes = dice(mob, 3) > 0;
	struct exclude one = {.range = {.kind = KIND_NUMBER}};
	struct exclusions list = {&one, 1};
	const size_t first = 1 + (size_t)dice(mob, SIZE);

	one.range.first = first;
	one.range.last = first + (size_t)dice(mob, excludes ? 6 : 12);
	mob->doing[KEEPER] = excludes ? EXCLUDE : INCLUDE;
	if (excludes) {
		pool_exclude_add(b, id_new(), mob->name, &list, "{}");
	} else {
		pool_include_add(b, id_new(), mob->name, &list, "{}");
	}
}

static struct batch *user_next(void *data, size_t user) {
	struct mob *mob = data;
	struct batch *b;
	int what = dice(mob, 100);

	if (mob->rounds >= ROUNDS && has_seen_all(mob)) {
		return NULL;
	}
	mob->rounds++;
	mob->doing[user] = OTHER;
	b = batch_new(BATCH_WRITE);
	if (user == ADMIN) {
		add_change(mob, b);
	} else if (user == KEEPER) {
		add_keeping(mob, b);
	} else if (what < 50 || id_is_nil(mob->leases[LATEST - 1].id)) {
		add_allocation(mob, user, b);
	} else if (what < 70) {
		add_replay(mob, user, b);
	} else {
		struct target target = work_on(TARGET_LEASE, mob->leases[dice(mob, LATEST)].id);
		struct queue_request request = work_request(QUEUE_RELEASE, &target);

		queue_add(b, &request);
	}
	return b;
}

static void admin_answer(struct mob *mob, enum err_code code) {
	assert_true(code == ERR_NONE || mob->change > 1);
	if (code == ERR_NONE && mob->change == 0) {
		memcpy(mob->name, mob->wanted, NAME);
		mob->renamed++;
	}
	mob->removed += code == ERR_NONE && mob->change > 1 ? 1 : 0;
	mob->used += code == ERR_IN_USE ? 1 : 0;
}

static bool expected(enum deed_of_user doing, enum err_code code) {
	switch (code) {
	case ERR_NONE:
		return true;
	case ERR_ID_CONFLICT: /* the lease was released, or it is one of three */
		return doing == REPEAT;
	case ERR_NOT_FOUND:     /* the pool was just renamed; no replay may find it missing */
	case ERR_INVALID_INPUT: /* a value in a part that is gone */
		return doing == ALLOCATE || doing == EXCLUDE || doing == INCLUDE;
	case ERR_POOL_EXHAUSTED:
	case ERR_CONFLICT: /* a value that is held, or excluded */
		return doing == ALLOCATE;
	default:
		return false;
	}
}

static void user_answer(void *data, size_t user, const struct err *err) {
	struct mob *mob = data;

	if (user == ADMIN &&
	    (err->code == ERR_NONE || err->code == ERR_IN_USE || err->code == ERR_NOT_FOUND)) {
		admin_answer(mob, err->code);
		return;
	}
	/* The program has not given up retrying. */
	if (user == ADMIN || !expected(mob->doing[user], err->code) ||
	    (err->code == ERR_CONFLICT && strcmp(err->sqlstate, "BERTH") != 0)) {
		fail_msg("%zu: %s %s %s", user, err_name(err->code), err->message, err->sqlstate);
	}
	if (err->code == ERR_NONE && mob->doing[user] == ALLOCATE) {
		mob->leases[mob->allocated++ % LATEST] = mob->asked[user];
	}
	mob->repeated += err->code == ERR_NONE && mob->doing[user] == REPEAT ? 1 : 0;
	mob->excluded += err->code == ERR_NONE && mob->doing[user] == EXCLUDE ? 1 : 0;
	mob->included += err->code == ERR_NONE && mob->doing[user] == INCLUDE ? 1 : 0;
	mob->kept += err->code == ERR_CONFLICT && strstr(err->message, "is excluded") != NULL ? 1 : 0;
}

/* Records from when to when each range is excluded, by the server's clock. The rows of an exclusion may be
 * cut and moved; what ends goes on in the row that replaces it. */
static const char records[] =
    "create table public.kept (first numeric, last numeric, since timestamptz, until timestamptz default "
    "'infinity');"
    "create function public.keep() returns trigger language plpgsql as $$ begin"
    " if tg_op <> 'INSERT' then update public.kept set until = pg_catalog.clock_timestamp()"
    "  where first = old.first and last = old.last and until = 'infinity'; end if;"
    " if tg_op <> 'DELETE' then insert into public.kept (first, last, since) values (new.first, new.last, "
    "new.at); end if;"
    " return null; end $$;"
    "create trigger keep after insert or update or delete on berth.exclusion for each row execute function "
    "public.keep()";

static void a_pool_changes_under_load(void **state) {
	struct place *p = *state;
	struct mob mob = {
	    .name = "p0", .riot = {.users = USERS, .next = user_next, .answer = user_answer, .data = &mob}};

	client_pool(p->conn, "p0", KIND_NUMBER, "1-400");
	session_add_range(p->conn, "p0", KIND_NUMBER, "401-600");
	database_run(p->database, records);
	riot_open(&mob.riot, p);
	riot_run(&mob.riot);
	assert_true(has_seen_all(&mob));
	work_asks(p->database,
	    "select count(*) from berth.lease l join berth.resource r on r.pool = l.pool"
	    " and l.value between r.first and r.last where r.state = 'destroyed' and l.created >= "
	    "r.destroyed",
	    "0");
	/* The live and the removed values are together all values, each once. */
	work_asks(p->database,
	    "select sum(last - first + 1) || ' ' || (select sum(upper(r) - lower(r)) from (select "
	    "unnest(range_agg(numrange(first, last + 1))) as r from berth.resource) whole) from "
	    "berth.resource",
	    "600 600");
	work_asks(p->database,
	    "select sum(room + kept) = sum(last - first + 1) - (select count(*) from berth.lease where state "
	    "<> "
	    "'destroyed') from berth.stripe",
	    "t");
	work_asks(p->database,
	    "select count(*) from berth.lease l left join berth.resource r on r.id = l.resource"
	    " where l.value is not null and not coalesce(l.value between r.first and r.last, false)",
	    "0");
	work_asks(p->database,
	    "select count(*) from berth.lease l join public.kept k on l.value between k.first and k.last"
	    " where l.acquired > k.since and l.acquired < k.until",
	    "0");
	work_asks(p->database, "select sum(kept) > 0 from berth.stripe", "t");
	work_asks(p->database, "select count(distinct pool) from berth.lease", "1");
	session_is_sound(p->conn);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_pool_changes_under_load),
	};

	return cmocka_run_group_tests_name("pool riot", tests, NULL, NULL);
}
