/*
 * The inspection by the workers: what doctor would find becomes a breach and an alert by itself, a piece at
 * a time, and goes when it is mended.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/base/id.h"
#include "model/worker.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/stage.h"
#include "tests/lib/work.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define BREACHES "select coalesce(string_agg(distinct name, ' ' order by name), '') from berth.breach"
#define DOCTOR "select coalesce(string_agg(name, ' ' order by name), '') from berth.doctor() where not ok"
#define TARGETS "select coalesce(string_agg(distinct target, ' ' order by target), '')" ALERTS
#define ALERTS " from berth.alerts(null) where kind = 'invariant'"

/* Two pools of ten values, of which five and two are taken; a project of its own, with a label and a lease.
 */
static int open_place(void **state) {
	struct place *p = place_new();

	client_pool(p->conn, "a", KIND_NUMBER, "1-10");
	client_pool(p->conn, "b", KIND_NUMBER, "101-110");
	for (int i = 0; i < 5; i++) {
		(void)work_lease(p->conn, "a");
	}
	(void)work_lease(p->conn, "b");
	(void)work_lease(p->conn, "b");
	database_run(p->database,
	    "insert into berth.organization (id, name, projects) values (gen_random_uuid(), 'acme', 1);"
	    "insert into berth.project (id, organization, name, counted, max_leases)"
	    " select gen_random_uuid(), id, 'web', true, 5 from berth.organization;"
	    "insert into berth.label (kind, target, prefix, name, value, seq)"
	    " select 'lease', id, '', 'env', 'prod', seq from berth.lease where value = 101");
	*state = p;
	return 0;
}

/* Has a worker do one round, whether it is due or not. */
static void inspect(struct place *p, const struct worker_self *w) {
	database_run(p->database, "update berth.inspection set due = '-infinity'");
	(void)work_maintain(p->conn, w);
}

static const struct {
	const char *name;   /* of the invariants that doctor finds broken */
	const char *breaks; /* and mends, both as SQL */
	const char *mends;
	const char *target; /* of the alert: its beginning */
} cases[] = {
    {"room_is_free used_is_held", "update berth.stripe set room = room - 1 where first = 101",
	"update berth.stripe set room = room + 1 where first = 101", "resource/"},
    {"held_is_not_free room_is_free", "update berth.stripe set free = '{[101,111)}' where first = 101",
	"update berth.stripe set free = '{[103,111)}' where first = 101", NULL},
    {"excluded_is_kept used_is_held", "update berth.stripe set kept = kept + 1 where first = 101",
	"update berth.stripe set kept = kept - 1 where first = 101", "resource/"},
    {"excluded_is_kept excluded_is_told",
	"update berth.stripe set excluded = '{[103,104)}' where first = 101",
	"update berth.stripe set excluded = '{}' where first = 101", "resource/"},
    {"excluded_is_told",
	"insert into berth.exclusion (pool, resource, first, last, reason) select pool, resource, 104, 105, "
	"''"
	" from berth.stripe where first = 101",
	"delete from berth.exclusion", "resource/"},
    {"usable_is_active", "update berth.stripe set usable = false, open = false where first = 1",
	"update berth.stripe set usable = true, open = true where first = 1", "resource/"},
    {"stripes_tile_resource",
	"insert into berth.stripe (pool, resource, host, first, last, free, room, resting, usable, open, "
	"changed)"
	" select pool, gen_random_uuid(), '', 900, 900, '{[900,901)}', 1, 0, true, true, now() from "
	"berth.stripe"
	" where first = 1",
	"delete from berth.stripe where first = 900", "resource/"},
    {"lease_in_resource",
	"update berth.lease set pool = (select id from berth.pool where name = 'a') where value = 101",
	"update berth.lease set pool = (select id from berth.pool where name = 'b') where value = 101",
	"lease/"},
    {"waiting_is_counted", "update berth.pool set waiting = 3 where name = 'b'",
	"update berth.pool set waiting = 0 where name = 'b'", "pool/b"},
    {"broken_has_a_reason", "update berth.lease set state = 'broken' where value = 101",
	"update berth.lease set state = 'active' where value = 101", "lease/"},
    {"acquired_has_a_reason", "update berth.lease set state = 'acquired' where value = 101",
	"update berth.lease set state = 'active' where value = 101", "lease/"},
    {"labels_stand_by_birth", "update berth.label set seq = seq + 1", "update berth.label set seq = seq - 1",
	"lease/"},
    {"projects_are_counted", "update berth.organization set projects = 7",
	"update berth.organization set projects = 1", "org/acme"},
    {"leases_are_charged", "update berth.project set leases = 2", "update berth.project set leases = 0",
	"project/acme/web"},
    {"deleting_has_a_reason", "update berth.project set state = 'deleting'",
	"update berth.project set state = 'active'", "project/acme/web"},
    {"released_once",
	"insert into berth.event (actor, action, kind, target)"
	" select 'x', 'destroy', 'lease', id from berth.lease, generate_series(1, 2) where value = 101",
	"delete from berth.event where action = 'destroy'", "lease/"},
    {"claims_are_whole",
	"insert into berth.command (action, kind, target, lane_kind, lane, hook, state)"
	" select 'cordon', 'pool', id, 'pool', id, true, 'running' from berth.pool where name = 'a'",
	"delete from berth.command where state = 'running'", "command/"},
    {"indexes_valid",
	"update pg_index set indisvalid = false where indexrelid = 'berth.sample_age'::regclass",
	"update pg_index set indisvalid = true where indexrelid = 'berth.sample_age'::regclass", "index"},
};

/* Each invariant that is broken is found as doctor finds it, and forgotten once it is mended. */
static void it_finds_what_doctor_finds(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	inspect(p, &w);
	work_asks(p->database, BREACHES, "");
	for (size_t i = 0; i < COUNT(cases); i++) {
		database_run(p->database, cases[i].breaks);
		work_asks(p->database, DOCTOR, cases[i].name);
		inspect(p, &w);
		work_asks(p->database, BREACHES, cases[i].name);
		if (cases[i].target != NULL) {
			const char *target = database_ask(p->database, TARGETS);

			assert_int_equal(strncmp(target, cases[i].target, strlen(cases[i].target)), 0);
		}
		database_run(p->database, cases[i].mends);
		work_asks(p->database, DOCTOR, "");
		inspect(p, &w);
		work_asks(p->database, BREACHES, "");
		work_asks(p->database, "select count(*)" ALERTS, "0");
	}
}

/* A breach keeps the time at which it was found, however often it is seen. */
static void it_knows_since_when(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	database_run(p->database, "update berth.pool set waiting = 3 where name = 'b'");
	inspect(p, &w);
	database_run(p->database, "update berth.breach set since = '2020-01-01Z'");
	database_run(p->database, "update berth.pool set waiting = 4 where name = 'b'");
	inspect(p, &w);
	work_asks(p->database, "select since = '2020-01-01Z'" ALERTS, "t");
	work_asks(p->database, "select text" ALERTS, "b: waiting_is_counted is broken: pool b: 4 counted");
	work_asks(p->database, "select severity" ALERTS, "critical");
	database_run(p->database, "update berth.pool set waiting = 0");
}

/* Several breaches of an invariant in one pool are one alert, which names the pool. */
static void breaches_of_a_pool_are_one_alert(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	database_run(p->database, "update berth.lease set state = 'broken' where value <= 5");
	inspect(p, &w);
	work_asks(p->database, TARGETS, "pool/a");
	work_asks(p->database,
	    "select count || ' ' || (text like 'a: broken_has_a_reason is broken 5 times: lease %')" ALERTS,
	    "5 true");
	database_run(p->database, "update berth.lease set state = 'active'");
}

/* Rounds look at a piece of so many things, and go on where the last one has ended, through everything: seven
 * leases come before the labels. */
static void rounds_go_on(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	int rounds = 0;

	w.chunk = 2;
	database_run(p->database, "update berth.label set seq = seq + 1");
	do {
		inspect(p, &w);
		rounds++;
	} while (rounds < 50 && *database_ask(p->database, BREACHES) == '\0');
	assert_int_equal(rounds, 4);
	/* Not due: nothing is looked at. */
	database_run(p->database, "update berth.label set seq = seq - 1;"
				  "update berth.inspection set due = now() + interval '1 minute'");
	(void)work_maintain(p->conn, &w);
	work_asks(p->database, BREACHES, "labels_stand_by_birth");
	/* Known breaches are looked at again in each round, wherever that is. */
	inspect(p, &w);
	work_asks(p->database, BREACHES, "");
}

/* Pieces of one thing each find the breaches of every part; a piece keeps those of the others. */
static void pieces_find_what_the_whole_finds(void **state) {
	static const char *const found =
	    "broken_has_a_reason claims_are_whole indexes_valid labels_stand_by_birth leases_are_charged"
	    " projects_are_counted released_once room_is_free used_is_held waiting_is_counted";
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	w.chunk = 1;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (strstr(found, cases[i].name) != NULL) {
			database_run(p->database, cases[i].breaks);
		}
	}
	work_asks(p->database, DOCTOR, found);
	for (int i = 0; i < 50 && strcmp(database_ask(p->database, BREACHES), found) != 0; i++) {
		inspect(p, &w);
	}
	work_asks(p->database, BREACHES, found);
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (strstr(found, cases[i].name) != NULL) {
			database_run(p->database, cases[i].mends);
		}
	}
	inspect(p, &w);
	work_asks(p->database, BREACHES, "");
}

/* The key before a key is the one that has no other in between. */
static void a_key_comes_after_the_one_before(void **state) {
	struct place *p = *state;

	work_asks(p->database,
	    "select string_agg(coalesce(berth.key_before(k), 'none'), ' ' order by n) from unnest(array["
	    "'1', '00000000-0000-0000-0000-000000000000', '10000000-0000-0000-0000-000000000000',"
	    "'12345678-9abc-4def-8000-00000000a000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', null])"
	    " with ordinality u (k, n)",
	    "0 none 0fffffff-ffff-ffff-ffff-ffffffffffff 12345678-9abc-4def-8000-000000009fff"
	    " ffffffff-ffff-ffff-ffff-fffffffffffe none");
}

/* A thing with too many rows is left to doctor; the rest is looked at. */
static void what_is_large_is_left_to_doctor(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	database_run(p->database,
	    "create or replace function berth.rows_in_round() returns bigint language sql immutable return 4;"
	    "update berth.stripe set room = room - 1");
	work_asks(p->database, DOCTOR, "room_is_free used_is_held");
	for (int i = 0; i < 4; i++) {
		inspect(p, &w);
	}
	work_asks(p->database,
	    "select count(*) from berth.resource r join berth.breach b on b.target = r.id"
	    " where r.first = 101",
	    "2");
	work_asks(p->database, "select count(*) from berth.breach", "2");
	database_run(p->database, "update berth.stripe set room = room + 1");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(it_finds_what_doctor_finds),
	    TEST(it_knows_since_when),
	    TEST(breaches_of_a_pool_are_one_alert),
	    TEST(rounds_go_on),
	    TEST(pieces_find_what_the_whole_finds),
	    TEST(a_key_comes_after_the_one_before),
	    TEST(what_is_large_is_left_to_doctor),
	};

	return cmocka_run_group_tests_name("inspect", tests, NULL, NULL);
}
