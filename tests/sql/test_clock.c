/*
 * The server's clock leaps: it was ahead and is corrected, it goes back by hours, it jumps ahead by months.
 * Nothing fails, nothing waits for what is the future no longer, and who lives is told by what they do.
 *
 * The clock is left alone: what it has written is moved instead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/id.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/queue.h"
#include "model/worker.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

#define HOUR (3600 * TIME_SECOND)
#define DAY (24 * HOUR)

/* Every time that is kept. Those that are the name of a process, as it was told by another clock or by the
 * system, are not moved. */
static const struct {
	const char *table;
	const char *column;
	bool name;
} columns[] = {
    {"breach", "seen", false},
    {"breach", "since", false},
    {"clock", "seen", false},
    {"clock", "since", false},
    {"command", "begun", false},
    {"command", "consumed_at", false},
    {"command", "created", false},
    {"command", "deadline", false},
    {"command", "not_before", false},
    {"command", "waits_from", false},
    {"dedupe_run", "backend_start", true},
    {"dedupe_run", "finished", false},
    {"dedupe_run", "locked", false},
    {"dedupe_run", "started", false},
    {"event", "at", false},
    {"event_part", "begun", false},
    {"exclusion", "at", false},
    {"forecast", "at", false},
    {"forecast", "due", false},
    {"forecast", "full_since", false},
    {"forecast", "made", false},
    {"forecast", "since", false},
    {"former_name", "until", false},
    {"inspection", "due", false},
    {"lease", "acquired", false},
    {"lease", "activated", false},
    {"lease", "created", false},
    {"lease", "destroyed", false},
    {"lease", "released", false},
    {"lease", "rest_until", false},
    {"lease", "until", false},
    {"open_plan", "seen", false},
    {"open_plan", "since", false},
    {"organization", "created", false},
    {"pool", "created", false},
    {"pool", "destroyed", false},
    {"project", "created", false},
    {"project", "destroyed", false},
    {"request", "at", false},
    {"resource", "created", false},
    {"resource", "destroyed", false},
    {"sample", "at", false},
    {"sampling", "hour", false},
    {"sampling", "taken", false},
    {"schema_version", "applied", false},
    {"stripe", "changed", false},
    {"trouble", "seen", false},
    {"trouble", "since", false},
    {"worker", "heartbeat", false},
    {"worker", "started", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static void every_time_that_is_kept_is_tested_here(void **state) {
	struct place *p = *state;
	struct buf known = {0};

	for (size_t i = 0; i < COLUMNS; i++) {
		buf_printf(&known, "%s%s.%s", i == 0 ? "" : " ", columns[i].table, columns[i].column);
	}
	work_asks(p->database,
	    "select string_agg(c.relname || '.' || a.attname, ' ' order by c.relname::text collate \"C\", "
	    "a.attname::text "
	    "collate \"C\") from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relnamespace = "
	    "'berth'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.atttypid = "
	    "'timestamptz'::regtype",
	    buf_text(&known));
	buf_release(&known);
}

static void move_column(struct place *p, size_t i, int64_t span) {
	char *sql =
	    mem_print("update berth.%s set %s = %s + %lld * interval '1 microsecond' where %s is not null",
		columns[i].table, columns[i].column, columns[i].column, (long long)span, columns[i].column);

	database_run(p->database, sql);
	free(sql);
}

/* As if the clock were put back by that: all that was is in the future. Negative: as if it leapt ahead. */
static void put_clock_back(struct place *p, int64_t span) {
	for (size_t i = 0; i < COLUMNS; i++) {
		if (!columns[i].name) {
			move_column(p, i, span);
		}
	}
}

/* Work that is under way when the clock leaps. */
struct scene {
	struct worker_self w;
	struct worker_self gone; /* ended without a word, with a hook */
	struct id held;          /* with an end in an hour */
	struct id busy;          /* that another one waits for */
	struct id waiting;
	struct id resting;
	struct id plain;  /* a release that was not looked at yet */
	struct id graced; /* one with a minute of grace */
	struct id failed; /* one whose hook is tried again in a minute or so */
	struct id lost;   /* one whose hook `gone` was running */
};

static struct id release_later(struct place *p, const char *pool) {
	struct target target = work_on(TARGET_LEASE, work_lease(p->conn, pool));
	struct queue_request request = work_request(QUEUE_RELEASE, &target);

	request.grace = 60 * TIME_SECOND;
	return work_send(p->conn, &request);
}

static struct id lease_for_an_hour(struct place *p) {
	struct allocate ask = client_ask("a", id_new());

	ask.duration = HOUR;
	client_allocate(p->conn, &ask);
	return ask.id;
}

static void set_scene(struct place *p, struct scene *s) {
	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	work_pool(p->conn, "full", "1-1", 0, NULL, NULL);
	work_pool(p->conn, "slow", "1-9", 60 * TIME_SECOND, NULL, NULL);
	work_pool(p->conn, "hooked", "1-9", 0, NULL, "off");
	*s = (struct scene){.w = work_start(p->conn, "w"), .gone = work_start(p->conn, "gone")};
	s->held = lease_for_an_hour(p);
	s->busy = work_lease(p->conn, "full");
	s->waiting = work_pending(p->database, "full", 0, 10);
	s->resting = work_lease(p->conn, "slow");
	work_release(p->conn, s->resting);
	work_all(p->conn, &s->w);
	s->failed = work_release(p->conn, work_lease(p->conn, "hooked"));
	(void)work_claim_one(p->conn, &s->w);
	(void)work_look(p->database,
	    "select berth.finish_hook('w', id, 1, false, 'no', 60000000, 5) from berth.command where id =",
	    s->failed);
	s->lost = work_release(p->conn, work_lease(p->conn, "hooked"));
	(void)work_claim_one(p->conn, &s->gone);
	s->graced = release_later(p, "a");
	s->plain = work_release(p->conn, work_lease(p->conn, "a"));
}

static void beat(struct place *p, const struct worker_self *w) {
	struct batch *b = batch_new(BATCH_WRITE);
	const struct total *total;

	worker_beat_add(b, w);
	client_run(p->conn, b);
	total = batch_row(b, 0, 0);
	assert_int_equal(total->total, 1);
	batch_free(b);
}

static int64_t maintain_expecting(struct place *p, const struct worker_self *w, int64_t expected) {
	struct batch *b = batch_new(BATCH_WRITE);
	const struct maintained *maintained;
	int64_t done;

	worker_maintain_at_add(b, w, expected);
	client_run(p->conn, b);
	maintained = batch_row(b, 0, 0);
	done = maintained->done;
	batch_free(b);
	return done;
}

/* Everything can be read, and says nothing absurd. */
static void all_is_shown(struct place *p) {
	work_asks(p->database,
	    "select count(*) > 0 and bool_and(per_day >= -1e6 and per_day <= 1e6) from berth.pool_view", "t");
	work_asks(p->database,
	    "select (select count(*) from berth.lease_view) > 0 and (select count(*) from berth.event_view) "
	    "> 0"
	    " and (select count(*) from berth.command_view where not_before is null) = 0",
	    "t");
	work_asks(p->database,
	    "select oldest_seconds >= 0 and greatest(applied_last_minute, arrived_last_minute) <= (select "
	    "count(*) from "
	    "berth.command) from berth.queue_stats()",
	    "t");
	work_asks(p->database, "select count(*) > 20 from berth.doctor()", "t");
}

/* A whole life goes on, with times of the present. */
static void life_goes_on(struct place *p, const struct worker_self *w) {
	struct id lease = lease_for_an_hour(p);
	struct target target = work_on(TARGET_LEASE, lease);
	struct queue_request request = work_request(QUEUE_EXTEND, &target);

	work_says(p->database,
	    "select acquired between now() - interval '2 minutes' and now() + interval '2 minutes' and until "
	    "< now() + "
	    "interval '70 minutes' from berth.lease where id =",
	    lease, "t");
	request.duration = 2 * HOUR;
	work_send(p->conn, &request);
	while (work_apply(p->conn, w) > 0) {
	}
	work_command_is(p->database, request.id, "done applied");
	request.id = work_release(p->conn, lease);
	while (work_apply(p->conn, w) > 0) {
	}
	work_command_is(p->database, request.id, "done applied");
	work_lease_is(p->database, lease, "destroyed");
}

static void extend_for(struct place *p, struct scene *s, struct id lease) {
	struct target target = work_on(TARGET_LEASE, lease);
	struct queue_request request = work_request(QUEUE_EXTEND, &target);

	request.duration = 2 * HOUR;
	request.shorten = true;
	work_send(p->conn, &request);
	work_apply(p->conn, &s->w);
	work_command_is(p->database, request.id, "done applied");
	work_says(
	    p->database, "select until < now() + interval '3 hours' from berth.lease where id =", lease, "t");
}

/* Nothing waits longer than it was to wait. */
static void nothing_waits_for_the_old_future(struct place *p, struct scene *s) {
	assert_true(work_apply(p->conn, &s->w) >= 1);
	work_command_is(p->database, s->plain, "done applied");
	work_asks(p->database, "select alive from berth.worker_view where name = 'gone'", "f");
	beat(p, &s->w);
	work_asks(p->database, "select alive from berth.worker_view where name = 'w'", "t");
	work_maintain(p->conn, &s->w);
	work_says(p->database,
	    "select not_before between now() and now() + interval '61 seconds' from berth.command where id =",
	    s->graced, "t");
	work_says(p->database,
	    "select not_before between now() and now() + interval '91 seconds' from berth.command where id =",
	    s->failed, "t");
	work_says(p->database,
	    "select rest_until between now() and now() + interval '61 seconds' from berth.lease where id =",
	    s->resting, "t");
	/* The dead one's hook is another's, at once. */
	work_command_is(p->database, s->lost, "queued");
	assert_true(id_equal(work_claim_one(p->conn, &s->w).command, s->lost));
	extend_for(p, s, s->held);
	work_release(p->conn, s->busy);
	work_all(p->conn, &s->w);
	work_lease_is(p->database, s->waiting, "active");
}

static void end_all(struct place *p, struct scene *s) {
	work_end_grace(p->database, s->graced);
	work_end_rest(p->database, s->resting);
	work_all(p->conn, &s->w);
	work_command_is(p->database, s->graced, "done applied");
	work_lease_is(p->database, s->resting, "destroyed");
	life_goes_on(p, &s->w);
	all_is_shown(p);
}

static void a_clock_is_put_back(void **state, int64_t span) {
	struct place *p = *state;
	struct scene s;

	set_scene(p, &s);
	put_clock_back(p, span);
	all_is_shown(p);
	nothing_waits_for_the_old_future(p, &s);
	end_all(p, &s);
}

static void a_clock_is_put_back_by_hours(void **state) {
	a_clock_is_put_back(state, 5 * HOUR);
}

static void a_clock_that_was_ahead_for_months_is_corrected(void **state) {
	a_clock_is_put_back(state, 100 * DAY);
}

/* A grace that began anew does not begin anew all the time. */
static void a_grace_begins_anew_once(void **state) {
	struct place *p = *state;
	struct scene s;
	char *once;

	set_scene(p, &s);
	put_clock_back(p, 5 * HOUR);
	assert_true(work_maintain(p->conn, &s.w) >= 3);
	once = mem_text(work_look(p->database, "select not_before from berth.command where id =", s.graced));
	work_maintain(p->conn, &s.w);
	work_says(p->database, "select not_before from berth.command where id =", s.graced, once);
	free(once);
	once = mem_text(work_look(p->database, "select rest_until from berth.lease where id =", s.resting));
	work_maintain(p->conn, &s.w);
	work_says(p->database, "select rest_until from berth.lease where id =", s.resting, once);
	free(once);
}

/* The answer to a claim was lost: its worker lives, and does not know of it. */
static void a_claim_that_nobody_knows_of_is_free_in_time(void **state) {
	struct place *p = *state;
	struct scene s;
	struct id unknown;

	set_scene(p, &s);
	unknown = work_release(p->conn, work_lease(p->conn, "hooked"));
	assert_true(id_equal(work_claim_one(p->conn, &s.w).command, unknown));
	put_clock_back(p, 100 * DAY);
	beat(p, &s.w);
	work_maintain(p->conn, &s.w);
	work_command_is(p->database, unknown, "running");
	work_says(p->database,
	    "select begun <= now() and deadline between now() and now() + interval '2 hours' from "
	    "berth.command"
	    " where id =",
	    unknown, "t");
	work_look(p->database, "update berth.command set deadline = now() where id =", unknown);
	work_maintain(p->conn, &s.w);
	work_command_is(p->database, unknown, "queued");
}

/* A command that has waited for its time does not wait behind those that never had to. */
static void a_grace_that_is_over_comes_before_a_backlog(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id graced;

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	for (int i = 0; i < 10; i++) {
		work_release(p->conn, work_lease(p->conn, "a"));
	}
	graced = release_later(p, "a");
	work_end_grace(p->database, graced);
	w.chunk = 3;
	assert_int_equal(work_apply(p->conn, &w), 3);
	work_command_is(p->database, graced, "done applied");
}

/* --- ahead --- */

/* Two looks, some heartbeats apart: whoever lives has told so by then, and a clock that is wrong for a moment
 * has ended nothing. */
static void a_clock_leaps_ahead(void **state) {
	struct place *p = *state;
	struct scene s;
	struct id overdue;

	set_scene(p, &s);
	overdue = lease_for_an_hour(p);
	put_clock_back(p, -100 * DAY);
	maintain_expecting(p, &s.w, clock_now() - 100 * DAY);
	work_lease_is(p->database, overdue, "active");
	work_events_are(p->database, overdue, "expire", "0");
	work_lease_is(p->database, s.resting, "released");
	work_command_is(p->database, s.lost, "running");
	work_asks(p->database, "select count(*) from berth.worker", "2");
	/* The one that was running the hook lives after all. */
	beat(p, &s.gone);
	beat(p, &s.w);
	(void)work_look(
	    p->database, "update berth.command set deadline = now() + interval '1 hour' where id =", s.lost);
	maintain_expecting(p, &s.w, clock_now());
	work_command_is(p->database, s.lost, "running");
	work_events_are(p->database, overdue, "expire", "1");
	life_goes_on(p, &s.w);
	all_is_shown(p);
}

/* History of a day is not forgotten because a clock says that it is three months old. */
static void a_wrong_clock_forgets_nothing(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id old;

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	old = work_lease(p->conn, "a");
	work_release(p->conn, old);
	work_all(p->conn, &w);
	put_clock_back(p, -100 * DAY);
	work_all(p->conn, &w);
	work_lease_is(p->database, old, "destroyed");
	work_asks(p->database, "select count(*) from berth.event where action = 'destroy'", "1");
	/* Others that begin now are not forgotten either, nor those that were there. */
	database_run(p->database, "update berth.worker set heartbeat = now() - interval '90 days'");
	(void)work_start(p->conn, "v");
	work_asks(p->database, "select count(*) from berth.worker", "2");
	/* A week later it is the time. */
	database_run(p->database, "update berth.clock set since = since - interval '8 days'");
	work_all(p->conn, &w);
	work_says(p->database, "select count(*) from berth.lease where id =", old, "0");
	/* Corrected, it is not forgotten for what the wrong clock had brought about. */
	old = work_lease(p->conn, "a");
	work_release(p->conn, old);
	work_all(p->conn, &w);
	put_clock_back(p, 100 * DAY);
	work_all(p->conn, &w);
	work_lease_is(p->database, old, "destroyed");
}

/* --- doctor --- */

/* Sends an extension of a lease while a worker ends it. Returns the command. */
static struct id send_during_end(struct place *p, const struct worker_self *w, struct id lease) {
	struct id command = id_new();
	char c[ID_TEXT];
	char l[ID_TEXT];
	char *sql = mem_print(
	    "begin; select berth.queue('%s', 'extend', "
	    "'[{\"kind\": \"lease\", \"id\": \"%s\"}]', '', null, null, null, 3600000000, false, '{}')",
	    id_text(command, c), id_text(lease, l));

	work_release(p->conn, lease);
	database_run(p->database, sql);
	free(sql);
	while (work_apply(p->conn, w) > 0) {
	}
	database_run(p->database, "commit");
	work_lease_is(p->database, lease, "destroyed");
	work_command_is(p->database, command, "queued");
	return command;
}

#define LEFT_OPEN "select found from berth.doctor() where name = 'nothing_open_on_finished'"

/* The end of a lease that began while the clock was ahead is not before its beginning. */
static void a_command_sent_at_the_end_of_a_lease_of_the_future_is_in_order(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id command;
	struct id lease;

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	lease = work_lease(p->conn, "a");
	work_look(p->database,
	    "update berth.lease set created = now() + interval '5 days', acquired = now() + interval '5 "
	    "days',"
	    " activated = now() + interval '5 days' where id =",
	    lease);
	command = send_during_end(p, &w, lease);
	work_says(p->database,
	    "select destroyed > now() + interval '4 days' from berth.lease where id =", lease, "t");
	work_asks(p->database, LEFT_OPEN, "0");
	work_all(p->conn, &w);
	work_command_is(p->database, command, "done rejected");
}

/* One that was there for longer than a minute, and was not seen by the end, is a breach. A leap of the clock
 * after the end makes none. */
static void a_command_left_open_is_a_breach(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id command;
	struct id lease;

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	lease = work_lease(p->conn, "a");
	command = send_during_end(p, &w, lease);
	work_asks(p->database, LEFT_OPEN, "0");
	put_clock_back(p, -5 * HOUR);
	work_asks(p->database, LEFT_OPEN, "0");
	work_look(p->database,
	    "update berth.command set created = created - interval '2 minutes' where id =", command);
	work_asks(p->database, LEFT_OPEN, "1");
	put_clock_back(p, 5 * HOUR);
	work_asks(p->database, LEFT_OPEN, "1");
	work_all(p->conn, &w);
	work_command_is(p->database, command, "done rejected");
}

/* --- one by one --- */

static void no_time_by_itself_stops_anything(void **state) {
	static const int64_t spans[] = {100 * DAY, -100 * DAY, 400 * DAY, -400 * DAY, 5 * HOUR, -5 * HOUR};
	struct place *p = *state;
	struct scene s;

	set_scene(p, &s);
	for (size_t i = 0; i < COLUMNS; i++) {
		for (size_t k = 0; k < sizeof spans / sizeof *spans; k++) {
			if (columns[i].name) {
				continue;
			}
			move_column(p, i, spans[k]);
			life_goes_on(p, &s.w);
			work_maintain(p->conn, &s.w);
			all_is_shown(p);
			move_column(p, i, -spans[k]);
		}
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(every_time_that_is_kept_is_tested_here),
	    TEST(a_clock_is_put_back_by_hours),
	    TEST(a_clock_that_was_ahead_for_months_is_corrected),
	    TEST(a_grace_begins_anew_once),
	    TEST(a_claim_that_nobody_knows_of_is_free_in_time),
	    TEST(a_grace_that_is_over_comes_before_a_backlog),
	    TEST(a_clock_leaps_ahead),
	    TEST(a_wrong_clock_forgets_nothing),
	    TEST(a_command_sent_at_the_end_of_a_lease_of_the_future_is_in_order),
	    TEST(a_command_left_open_is_a_breach),
	    TEST(no_time_by_itself_stops_anything),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
