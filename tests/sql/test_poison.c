/*
 * One bad row does not stop the rest: an invalid command, lease or setting is
 * given up alone and reported; everything else continues.
 *
 * The owner of the tables writes such rows.  Where no row can cause a failure,
 * a trigger does, for one row.
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
#include "model/pool.h"
#include "model/lease.h"
#include "model/queue.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

static int open_place(void **state) {
	struct place *p = place_new();

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	*state = p;
	return 0;
}

/* The reported troubles were intended; everything else must be sound. */
static int close_place(void **state) {
	struct place *p = *state;

	database_run(p->database, "delete from berth.trouble");
	return place_close(state);
}

/* Makes changes of this row fail. */
static void poison(struct database *d, const char *table, struct id id, const char *when) {
	char text[ID_TEXT];
	char *sql = mem_print("create function public.refuse() returns trigger language plpgsql as"
			      " $$ begin raise exception 'it is poisoned'; end $$;"
			      "create trigger poison before %s on berth.%s for each row when (%s = '%s')"
			      " execute function public.refuse()",
	    when, table,
	    strcmp(table, "command") == 0 && strcmp(when, "insert") == 0 ? "new.target" : "old.id",
	    id_text(id, text));

	database_run(d, sql);
	free(sql);
}

static void cure(struct database *d) {
	database_run(d, "drop function public.refuse() cascade; update berth.trouble set seen = seen - "
			"interval '2 minutes'");
}

/* Checks that doctor reports it in these words: as stuck, or as given up, which breaks nothing. */
static void doctor_says(struct place *p, const char *name, const char *part) {
	struct batch *b = batch_new(BATCH_READ);
	size_t step = doctor_add(b);
	bool found = false;

	client_run(p->conn, b);
	for (size_t i = 0; i < batch_count(b, step); i++) {
		const struct finding *check = batch_row(b, step, i);

		if (strcmp(check->name, name) == 0) {
			found = true;
			assert_int_equal(check->ok, strcmp(name, "given_up") == 0);
			if (strstr(check->examples, part) == NULL) {
				fail_msg("\"%s\" is not in %s", part, check->examples);
			}
		}
	}
	assert_true(found);
	batch_free(b);
}

/* Checks that doctor reports nothing about it. */
static void doctor_is_silent(struct place *p, const char *name) {
	struct batch *b = batch_new(BATCH_READ);
	size_t step = doctor_add(b);

	client_run(p->conn, b);
	for (size_t i = 0; i < batch_count(b, step); i++) {
		const struct finding *check = batch_row(b, step, i);

		if (strcmp(check->name, name) == 0 && check->found > 0) {
			fail_msg("%s: %s", name, check->examples);
		}
	}
	batch_free(b);
}

static struct id written(struct database *d, const char *columns, const char *values) {
	struct id id = id_new();
	char text[ID_TEXT];
	char *sql = mem_print(
	    "insert into berth.command (id, %s) values ('%s', %s)", columns, id_text(id, text), values);

	database_run(d, sql);
	free(sql);
	return id;
}

/* Adds a command of that kind whose target is itself, as a bulk's is. */
static struct id bulk_of(struct database *d, const char *arguments) {
	struct id id = id_new();
	char text[ID_TEXT];
	char *sql;

	(void)id_text(id, text);
	sql = mem_print(
	    "insert into berth.command (id, action, kind, target, lane_kind, lane, total, arguments)"
	    " values ('%s', 'release', 'selection', '%s', 'command', '%s', 0, $x$%s$x$)",
	    text, text, text, arguments);
	database_run(d, sql);
	free(sql);
	return id;
}

/* --- the queue --- */

static void a_bulk_that_makes_no_sense_is_rejected(void **state) {
	static const char *const arguments[] = {
	    "{\"scopes\": [{\"kind\": \"leases\", \"selector\": {\"op\": \"in\"}}]}",
	    "{\"scopes\": [{\"kind\": \"leases\", \"selector\": \"app=web\"}]}",
	    "{\"scopes\": [{\"kind\": \"leases\", \"states\": 7}]}",
	    "{\"scopes\": [{\"kind\": \"planet\", \"id\": \"earth\"}]}",
	    "{\"scopes\": [{\"kind\": \"lease\", \"id\": \"not an id\"}]}",
	    "{\"scopes\": [{\"kind\": \"leases\", \"pool\": \"not an id\"}]}",
	    "{\"scopes\": {\"kind\": \"leases\"}}",
	    "{\"scopes\": []}",
	    "{}",
	    "{\"scopes\": [{\"kind\": \"pool\"}]}",
	    "{\"scopes\": [{\"kind\": \"project\", \"id\": null}]}",
	    "{\"scopes\": [{\"kind\": \"leases\", \"states\": [\"asleep\"]}]}",
	    "{\"scopes\": [{\"kind\": \"leases\", \"selector\": [{\"op\": \"boom\", \"key\": 7}]}]}",
	    "{\"scopes\": [{\"kind\": \"leases\", \"selector\": [{\"op\": \"exists\", \"prefix\": \"\", "
	    "\"name\": \"no name\", \"values\": []}]}]}",
	    "{\"scopes\": [{\"kind\": \"leases\", \"selector\": [{\"op\": \"greater\", \"prefix\": \"\", "
	    "\"name\": \"n\","
	    " \"values\": [\"many\"]}]}]}",
	};
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id bad[sizeof arguments / sizeof *arguments];
	struct id lease = work_lease(p->conn, "a");
	struct id good;

	database_run(p->database, "insert into berth.label (kind, target, prefix, name, value, seq)"
				  " select 'lease', id, '', 'n', '7', seq from berth.lease");
	for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
		bad[i] = bulk_of(p->database, arguments[i]);
	}
	good = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("a", 0));
	work_all(p->conn, &w);
	for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
		work_command_is(p->database, bad[i], "done rejected");
		work_explains(p->database, bad[i], "it cannot be applied: ");
	}
	work_command_is(p->database, good, "done applied");
	work_lease_is(p->database, lease, "destroyed");
	doctor_says(p, "given_up", "apply: command ");
	doctor_says(p, "given_up", "it was rejected, and nothing waits for it; this is told until ");
	session_is_sound(p->conn);
}

static void a_bulk_that_breaks_on_its_way_has_failed(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id first = work_lease(p->conn, "a"), second = work_lease(p->conn, "a"), third;
	struct id bad, good;

	bad = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("a", 0));
	assert_int_equal(work_apply(p->conn, &w), 1);
	third = work_lease(p->conn, "a");
	good = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("a", 0));
	work_says(p->database,
	    "update berth.command set arguments = '{\"scopes\": [{\"kind\": \"planet\"}]}' where state = "
	    "'running'"
	    " and id =",
	    bad, "");
	work_all(p->conn, &w);
	work_command_is(p->database, bad, "done failed");
	work_explains(p->database, bad, "it went no further: scope \"planet\": it is one of lease, ");
	work_command_is(p->database, good, "done applied");
	work_lease_is(p->database, first, "destroyed");
	work_lease_is(p->database, second, "destroyed");
	work_lease_is(p->database, third, "destroyed");
	doctor_says(p, "given_up", "fan out: command ");
	session_is_sound(p->conn);
}

static void a_lease_that_cannot_end_is_broken(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id others[40];
	struct id bad = work_lease(p->conn, "a");
	struct id release = work_release(p->conn, bad);

	for (size_t i = 0; i < 40; i++) {
		others[i] = work_lease(p->conn, "a");
		(void)work_release(p->conn, others[i]);
	}
	database_run(p->database,
	    "create function public.refuse() returns trigger language plpgsql as"
	    " $$ begin raise exception 'it is poisoned'; end $$;"
	    "create trigger poison before update on berth.lease for each row when (new.state = 'destroyed' "
	    "and"
	    "  old.value = 1 and old.state <> 'broken') execute function public.refuse()");
	work_all(p->conn, &w);
	for (size_t i = 0; i < 40; i++) {
		work_lease_is(p->database, others[i], "destroyed");
	}
	work_command_is(p->database, release, "quarantined");
	work_explains(p->database, release, "it cannot be applied: it is poisoned");
	work_lease_is(p->database, bad, "broken");
	doctor_says(p, "nothing_is_stuck", "it is poisoned; berth queue retry, skip or force ");
	(void)work_send_on(p->conn, QUEUE_FORCE, work_on(TARGET_COMMAND, release));
	work_all(p->conn, &w);
	work_lease_is(p->database, bad, "destroyed");
	/* A command about which a person has decided is over. */
	doctor_is_silent(p, "nothing_is_stuck");
	doctor_is_silent(p, "given_up");
}

static void an_extension_that_cannot_be_read_is_rejected(void **state) {
	static const char *const arguments[] = {
	    "\"until\": \"soon\"",
	    "\"until\": \"999999-01-01\"",
	    "\"until\": {}",
	    "\"until\": \"2030-13-45T00:00:00Z\"",
	    "\"until\": null",
	    "\"until\": true",
	    "\"for\": \"999999999999h\"",
	    "\"duration\": 3600000000",
	};
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id bad[sizeof arguments / sizeof *arguments];
	struct id lease = work_lease(p->conn, "a"), other = work_lease(p->conn, "a");
	struct id release;
	struct batch *b = batch_new(BATCH_READ);
	struct queue_ask all = {.states = QUEUE_ALL, .limit = 100};
	char text[ID_TEXT];

	(void)id_text(lease, text);
	for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
		char *values = mem_print("'extend', 'lease', '%s', 'lease', '%s', '{%s, \"scopes\": {}}'",
		    text, text, arguments[i]);

		bad[i] = written(p->database, "action, kind, target, lane_kind, lane, arguments", values);
		free(values);
	}
	release = work_release(p->conn, lease);
	(void)work_release(p->conn, other);
	work_all(p->conn, &w);
	for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
		work_command_is(p->database, bad[i], "done rejected");
		work_explains(p->database, bad[i], "it cannot be applied: ");
	}
	work_events_are(p->database, lease, "extend", "0");
	doctor_says(p, "given_up", "apply: command ");
	session_is_sound(p->conn);
	work_command_is(p->database, release, "done applied");
	work_lease_is(p->database, lease, "destroyed");
	work_lease_is(p->database, other, "destroyed");
	/* It does not prevent reading the others either. */
	(void)queue_list_add(b, &all);
	client_run(p->conn, b);
	assert_int_equal(batch_count(b, 0), sizeof arguments / sizeof *arguments + 2);
	batch_free(b);
}

static void commands_on_what_is_gone_are_rejected(void **state) {
	static const char *const kinds[] = {"lease", "resource", "pool", "project"};
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id bad[sizeof kinds / sizeof *kinds];
	struct id lease = work_lease(p->conn, "a");

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		char *values =
		    mem_print("'release', '%s', '00000000-0000-0000-0000-00000000000%zu', '%s',"
			      " '00000000-0000-0000-0000-00000000000%zu', now() - interval '2 minutes'",
			kinds[i], i, kinds[i], i);

		bad[i] = written(p->database, "action, kind, target, lane_kind, lane, created", values);
		free(values);
	}
	(void)work_release(p->conn, lease);
	work_all(p->conn, &w);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		work_command_is(p->database, bad[i], "done rejected");
		work_explains(p->database, bad[i], "there is no ");
	}
	work_lease_is(p->database, lease, "destroyed");
	doctor_says(p, "given_up", "orphan: command ");
	session_is_sound(p->conn);
}

static void a_hook_that_cannot_begin_or_end_is_given_up(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct work_job jobs[4];
	struct id bad, good, release;
	size_t count;

	work_pool(p->conn, "down", "1-10", 0, NULL, "unmake");
	bad = work_lease(p->conn, "down");
	good = work_lease(p->conn, "down");
	release = work_release(p->conn, bad);
	(void)work_release(p->conn, good);
	database_run(p->database,
	    "create function public.refuse() returns trigger language plpgsql as"
	    " $$ begin raise exception 'it is poisoned'; end $$;"
	    "create trigger poison before update on berth.lease for each row when (new.state = 'released' and"
	    "  old.value = 1) execute function public.refuse()");
	count = work_claim(p->conn, &w, 4, jobs);
	assert_int_equal(count, 1);
	assert_true(id_equal(jobs[0].lease, good));
	work_command_is(p->database, release, "quarantined");
	work_lease_is(p->database, bad, "broken");
	cure(p->database);
	database_run(p->database,
	    "create function public.refuse() returns trigger language plpgsql as"
	    " $$ begin raise exception 'it is poisoned'; end $$;"
	    "create trigger poison before update on berth.lease for each row when (new.state = "
	    "'destroyed' and old.state = 'released') execute function public.refuse()");
	assert_true(work_finish(p->conn, &w, &jobs[0], true));
	work_command_is(p->database, jobs[0].command, "quarantined");
	work_lease_is(p->database, good, "broken");
	doctor_says(p, "nothing_is_stuck", "finish: command ");
}

/* --- maintenance --- */

static void spans_without_an_end_are_long(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id waits, rests = work_lease(p->conn, "a");

	work_pool(p->conn, "full", "1-1", 0, NULL, NULL);
	waits = work_pending(p->database, "full", 0, 5);
	database_run(p->database,
	    "update berth.lease set duration = 9223372036854775807 where state = 'pending';"
	    "update berth.pool set reuse_delay = 9223372036854775807 where name = 'a';"
	    "update berth.pool set ttl = 9223372036854775807 where name = 'full'");
	(void)work_release(p->conn, rests);
	work_all(p->conn, &w);
	work_lease_is(p->database, waits, "active");
	work_lease_is(p->database, rests, "released");
	work_says(p->database,
	    "select until > now() + interval '9000 years' from berth.lease where id =", waits, "t");
	work_says(p->database,
	    "select rest_until > now() + interval '9000 years' from berth.lease where id =", rests, "t");
}

/* It leaves the line, and is reported. */
static void nobody_waits_behind_who_cannot_be_served(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id bad, good[10];

	bad = work_pending(p->database, "a", 9, 60);
	for (size_t i = 0; i < 10; i++) {
		good[i] = work_pending(p->database, "a", 0, 5);
	}
	database_run(p->database,
	    "create function public.refuse() returns trigger language plpgsql as"
	    " $$ begin raise exception 'it is poisoned'; end $$;"
	    "create trigger poison before update on berth.lease for each row"
	    " when (new.state = 'active' and new.priority = 9) execute function public.refuse()");
	work_all(p->conn, &w);
	for (size_t i = 0; i < 10; i++) {
		work_lease_is(p->database, good[i], "active");
	}
	work_lease_is(p->database, bad, "destroyed");
	doctor_says(p, "given_up", "fill: lease ");
}

/* If it cannot even leave the line, the others of its pool wait, and those of other pools do not. */
static void other_pools_go_on(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id bad, behind, other;

	client_pool(p->conn, "b", KIND_NUMBER, "1-100");
	bad = work_pending(p->database, "a", 9, 60);
	behind = work_pending(p->database, "a", 0, 60);
	other = work_pending(p->database, "b", 0, 60);
	poison(p->database, "lease", bad, "update");
	work_all(p->conn, &w);
	work_lease_is(p->database, other, "active");
	work_lease_is(p->database, bad, "pending");
	work_lease_is(p->database, behind, "pending");
	doctor_says(p, "nothing_is_stuck", "fill: pool ");
	cure(p->database);
	work_all(p->conn, &w);
	work_lease_is(p->database, bad, "active");
	work_lease_is(p->database, behind, "active");
}

static struct id over(struct place *p) {
	struct allocate ask = client_ask("a", id_new());

	ask.duration = 3600 * TIME_SECOND;
	client_allocate(p->conn, &ask);
	work_end_time(p->database, ask.id);
	return ask.id;
}

static void others_expire_beside_one_that_cannot(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id others[20];
	struct id bad = over(p);

	for (size_t i = 0; i < 20; i++) {
		others[i] = over(p);
	}
	poison(p->database, "command", bad, "insert");
	work_all(p->conn, &w);
	for (size_t i = 0; i < 20; i++) {
		work_lease_is(p->database, others[i], "destroyed");
	}
	work_lease_is(p->database, bad, "active");
	doctor_says(p, "nothing_is_stuck", "it is tried again every minute");
	doctor_says(p, "nothing_is_stuck", "expire: lease ");
	cure(p->database);
	work_all(p->conn, &w);
	work_lease_is(p->database, bad, "destroyed");
	doctor_is_silent(p, "nothing_is_stuck");
	doctor_is_silent(p, "given_up");
}

static void a_part_that_fails_does_not_stop_the_others(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id rests, lease = over(p);

	work_pool(p->conn, "slow", "1-10", 3600 * TIME_SECOND, NULL, NULL);
	rests = work_lease(p->conn, "slow");
	(void)work_release(p->conn, rests);
	work_all(p->conn, &w);
	work_end_rest(p->database, rests);
	poison(p->database, "lease", rests, "update");
	database_run(p->database,
	    "update berth.event set at = at - interval '31 days';"
	    "create function public.keep() returns trigger language plpgsql as"
	    " $$ begin raise exception 'nothing is forgotten'; end $$;"
	    "create trigger keep before delete on berth.lease for each row execute function public.keep()");
	work_all(p->conn, &w);
	work_lease_is(p->database, lease, "destroyed");
	work_lease_is(p->database, rests, "released");
	doctor_says(p, "nothing_is_stuck", "rest: lease ");
	doctor_says(p, "nothing_is_stuck", "forget events: ");
	cure(p->database);
	database_run(p->database, "drop function public.keep() cascade");
	work_all(p->conn, &w);
	work_says(
	    p->database, "select count(*) from berth.lease where state <> 'destroyed' and id =", rests, "0");
	work_says(p->database, "select count(*) from berth.lease where id =", lease, "0");
}

/* A temporary failure has no culprit: nothing is given up for it. */
static void what_passes_is_left_alone(void **state) {
	static const char *const states[] = {"40001", "40P01", "55P03", "57014", "53100", "42501", "XX000"};
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "a");
	struct id release = work_release(p->conn, lease);

	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		char *sql =
		    mem_print("create function public.refuse() returns trigger language plpgsql as"
			      " $$ begin raise exception using errcode = '%s', message = 'not now'; end $$;"
			      "create trigger poison before update on berth.lease for each row"
			      " execute function public.refuse()",
			states[i]);
		char *call = mem_print("do $$ begin perform berth.apply('w', 10); raise 'it was applied';"
				       " exception when others or query_canceled then if sqlstate <> '%s' "
				       "then raise; end if; end $$",
		    states[i]);

		database_run(p->database, sql);
		database_run(p->database, call);
		cure(p->database);
		work_command_is(p->database, release, "queued");
		free(sql);
		free(call);
	}
	work_asks(p->database, "select count(*) from berth.trouble", "0");
	work_all(p->conn, &w);
	work_lease_is(p->database, lease, "destroyed");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, close_place)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_bulk_that_makes_no_sense_is_rejected),
	    TEST(a_bulk_that_breaks_on_its_way_has_failed),
	    TEST(a_lease_that_cannot_end_is_broken),
	    TEST(an_extension_that_cannot_be_read_is_rejected),
	    TEST(commands_on_what_is_gone_are_rejected),
	    TEST(a_hook_that_cannot_begin_or_end_is_given_up),
	    TEST(spans_without_an_end_are_long),
	    TEST(nobody_waits_behind_who_cannot_be_served),
	    TEST(other_pools_go_on),
	    TEST(others_expire_beside_one_that_cannot),
	    TEST(a_part_that_fails_does_not_stop_the_others),
	    TEST(what_passes_is_left_alone),
	};

	return cmocka_run_group_tests_name("poison", tests, NULL, NULL);
}
