/*
 * Events in parts of a month: a part is there before it is needed, is begun with a month, and goes as a
 * whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/base/id.h"
#include "model/worker.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/work.h"

static int open_place(void **state) {
	struct place *p = place_new();

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	*state = p;
	return 0;
}

static void parts_are(struct place *p, const char *firsts) {
	work_asks(
	    p->database, "select string_agg(first::text, ' ' order by first) from berth.event_part", firsts);
	work_asks(p->database,
	    "select string_agg(substr(relname, 7), ' ' order by substr(relname, 7)::bigint) from pg_class"
	    " where relispartition and relkind = 'r' and relnamespace = 'berth'::regnamespace",
	    firsts);
}

/* Releases a lease. Returns it. */
static struct id history(struct place *p, const struct worker_self *w) {
	struct id lease = work_lease(p->conn, "a");

	work_release(p->conn, lease);
	work_all(p->conn, w);
	return lease;
}

static void begin_month(struct place *p, const struct worker_self *w) {
	database_run(p->database, "update berth.event_part set begun = begun - interval '32 days'");
	work_maintain(p->conn, w);
}

/* Makes everything of this part old. */
static void age(struct place *p) {
	database_run(p->database,
	    "update berth.event set at = at - interval '32 days' where seq < 1000000000;"
	    "update berth.command set consumed_at = consumed_at - interval '32 days'");
}

static void a_part_is_ahead(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	parts_are(p, "0 1000000000");
	history(p, &w);
	work_maintain(p->conn, &w);
	parts_are(p, "0 1000000000");
	work_asks(p->database, "select max(seq) < 1000 from berth.event", "t");
}

static void a_month_begins_with_the_next_part(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id before = history(p, &w);
	struct id after;

	begin_month(p, &w);
	after = history(p, &w);
	work_says(p->database, "select max(seq) < 1000 from berth.event where target =", before, "t");
	work_says(p->database, "select min(seq) > 1000000000 from berth.event where target =", after, "t");
	work_asks(p->database,
	    "select string_agg(action, ' ' order by seq) from berth.event_view where kind = 'lease'",
	    "create release destroy create release destroy");
	parts_are(p, "0 1000000000 2000000000");
	work_maintain(p->conn, &w);
	parts_are(p, "0 1000000000 2000000000");
	begin_month(p, &w);
	work_maintain(p->conn, &w);
	parts_are(p, "0 1000000000 2000000000 3000000000");
}

static void a_span_that_is_used_up_goes_on_in_the_next(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	database_run(p->database, "select setval('berth.event_seq', 999999990)");
	for (int i = 0; i < 4; i++) {
		history(p, &w);
	}
	work_asks(p->database, "select count(distinct tableoid) from berth.event where kind = 'lease'", "2");
	parts_are(p, "0 1000000000 2000000000");
}

static void what_is_old_goes_with_its_part(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id old = history(p, &w);
	struct id young;

	begin_month(p, &w);
	young = history(p, &w);
	age(p);
	work_all(p->conn, &w);
	work_maintain(p->conn, &w);
	parts_are(p, "1000000000 2000000000");
	work_says(p->database, "select count(*) from berth.lease where id =", old, "0");
	work_says(p->database, "select count(*) from berth.event where target =", old, "0");
	work_says(p->database, "select count(*) from berth.event where target =", young, "2");
	work_asks(p->database, "select count(*) from berth.trouble", "0");
	session_is_sound(p->conn);
}

static void what_is_young_keeps_its_part(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id old = history(p, &w);
	struct id young;

	age(p);
	young = history(p, &w);
	begin_month(p, &w);
	work_all(p->conn, &w);
	work_maintain(p->conn, &w);
	parts_are(p, "0 1000000000 2000000000");
	work_says(p->database, "select count(*) from berth.lease where id =", old, "0");
	work_lease_is(p->database, young, "destroyed");
}

static void the_part_of_the_present_stays(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id old = history(p, &w);

	age(p);
	work_all(p->conn, &w);
	work_maintain(p->conn, &w);
	work_says(p->database, "select count(*) from berth.lease where id =", old, "0");
	parts_are(p, "0 1000000000");
}

/* The number tells that it came before another one that is old. */
static void an_event_of_a_wrong_future_is_as_old_as_the_next(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id ahead = history(p, &w);
	struct id old = history(p, &w);
	struct id last = history(p, &w);

	age(p);
	database_run(p->database, "update berth.event set at = at + interval '100 days' where target in"
				  " (select id from berth.lease order by seq limit 1) or target in (select "
				  "id from berth.lease order by seq desc limit 1)");
	work_all(p->conn, &w);
	work_says(p->database, "select count(*) from berth.lease where id =", ahead, "0");
	work_says(p->database, "select count(*) from berth.lease where id =", old, "0");
	work_says(p->database, "select count(*) from berth.lease where id =", last, "1");
}

static void an_end_that_fails_keeps_the_part(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id bad = history(p, &w);
	struct id good = history(p, &w);

	begin_month(p, &w);
	history(p, &w);
	age(p);
	database_run(p->database,
	    "create function public.keep() returns trigger language plpgsql as"
	    " $$ begin if old.value = 1 then raise exception 'this one stays'; end if; return old; end $$;"
	    "create trigger keep before delete on berth.lease for each row execute function public.keep();");
	database_run(
	    p->database, "update berth.lease set value = 1 where seq = (select min(seq) from berth.lease)");
	database_run(
	    p->database, "update berth.lease set value = 2 where seq > (select min(seq) from berth.lease)");
	work_all(p->conn, &w);
	work_says(p->database, "select count(*) from berth.lease where id =", bad, "1");
	work_says(p->database, "select count(*) from berth.lease where id =", good, "0");
	work_says(p->database, "select part from berth.trouble where target =", bad, "forget events");
	work_maintain(p->conn, &w);
	parts_are(p, "0 1000000000 2000000000");
	database_run(p->database, "drop function public.keep() cascade;"
				  "update berth.trouble set seen = seen - interval '2 minutes'");
	work_all(p->conn, &w);
	work_maintain(p->conn, &w);
	work_says(p->database, "select count(*) from berth.lease where id =", bad, "0");
	work_asks(p->database, "select count(*) from berth.trouble", "0");
	parts_are(p, "1000000000 2000000000");
}

static void a_reader_is_not_waited_for(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	history(p, &w);
	begin_month(p, &w);
	age(p);
	work_all(p->conn, &w);
	database_run(p->database, "begin; select count(*) from berth.event");
	work_maintain(p->conn, &w);
	history(p, &w);
	database_run(p->database, "commit");
	work_maintain(p->conn, &w);
	parts_are(p, "1000000000 2000000000");
}

static void a_part_is_begun_once(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	database_run(p->database, "begin; lock table berth.event_part in share row exclusive mode");
	work_maintain(p->conn, &w);
	database_run(p->database,
	    "update berth.event_part set begun = begun - interval '32 days'; commit; begin;"
	    "lock table berth.event_part in share row exclusive mode");
	work_maintain(p->conn, &w);
	work_asks(p->database, "select last_value < 1000 from berth.event_seq", "t");
	database_run(p->database, "commit");
	work_maintain(p->conn, &w);
	work_asks(p->database, "select last_value from berth.event_seq", "1000000000");
}

/* It found no part ahead, and another worker has made one before it had the lock. */
static void a_worker_that_comes_second_begins_nothing(void **state) {
	struct place *p = *state;

	database_run(p->database, "select berth.begin_part()");
	work_asks(p->database, "select last_value < 1000 from berth.event_seq", "t");
	parts_are(p, "0 1000000000");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_part_is_ahead),
	    TEST(a_month_begins_with_the_next_part),
	    TEST(a_span_that_is_used_up_goes_on_in_the_next),
	    TEST(what_is_old_goes_with_its_part),
	    TEST(what_is_young_keeps_its_part),
	    TEST(the_part_of_the_present_stays),
	    TEST(an_event_of_a_wrong_future_is_as_old_as_the_next),
	    TEST(an_end_that_fails_keeps_the_part),
	    TEST(a_reader_is_not_waited_for),
	    TEST(a_part_is_begun_once),
	    TEST(a_worker_that_comes_second_begins_nothing),
	};

	return cmocka_run_group_tests_name("event_parts", tests, NULL, NULL);
}
