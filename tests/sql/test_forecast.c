/*
 * Forecasts against histories whose future is known: the stated day holds within its stated uncertainty, or
 * no trend is said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

#define DAYS 400 /* of a simulation */
#define HOURS (DAYS * 24)
#define TURN 6.283185307179586

enum shape { LINEAR, NOISE, WAVE, BURSTS, STEPS, DRAIN };

static const char *const shape_names[] = {"linear", "noise", "wave", "bursts", "steps", "drain"};

/* A history: so many values at the start, so many more each day, and what its shape adds, of that height. */
struct history {
	enum shape shape;
	double start;
	double slope;
	double height;
	double size;
	double known; /* days of it that are sampled */
	unsigned seed;
	bool trend; /* one must be found */
	bool on_purpose;
};

static const struct history histories[] = {
    {LINEAR, 100, 4, 0, 400, 30, 1, true},
    {LINEAR, 300, 20, 0, 1000, 30, 2, true},
    {LINEAR, 50, 1.5, 0, 120, 30, 3, false},
    {LINEAR, 10, 60, 0, 2000, 5, 4, true},
    {LINEAR, 200, 240, 0, 400, 0.5, 5, true},
    {NOISE, 100, 10, 10, 600, 30, 6, true},
    {NOISE, 100, 10, 40, 600, 30, 7, false},
    {NOISE, 500, 0, 60, 900, 30, 8, false},
    {NOISE, 40, 30, 50, 1500, 12, 9, true},
    {NOISE, 300, 2, 100, 700, 30, 10, false},
    {WAVE, 200, 10, 60, 700, 30, 11, true},
    {WAVE, 500, 0, 200, 720, 30, 12, false},
    {WAVE, 300, 25, 150, 1500, 30, 13, true},
    {WAVE, 300, 40, 30, 800, 6, 14, true},
    {WAVE, 100, 0, 80, 185, 0.4, 15, false},
    {BURSTS, 100, 0, 300, 1000, 30, 16, false},
    {BURSTS, 100, 0, 100, 1000, 30, 17, false},
    {BURSTS, 200, 12, 40, 900, 30, 18, false},
    {BURSTS, 500, 30, 60, 1900, 30, 19, false},
    {BURSTS, 50, 0, 400, 500, 2, 20, false},
    {STEPS, 100, 0, 100, 1000, 30, 21, false},
    {STEPS, 500, 0, 50, 800, 30, 22, false},
    {STEPS, 100, 0, 300, 1500, 30, 23, false},
    {STEPS, 10, 0, 60, 600, 30, 24, false},
    {STEPS, 100, 0, 200, 450, 10, 25, false},
    {DRAIN, 800, 0, 60, 1000, 30, 26, false},
    {DRAIN, 300, 20, 90, 1000, 30, 27, false},
    {DRAIN, 100, 20, 0, 900, 30, 28, false, .on_purpose = true},
    {DRAIN, 200, 30, 0, 1200, 30, 29, false, .on_purpose = true},
    {DRAIN, 600, 5, 30, 1000, 30, 30, false},
};

enum { HISTORIES = sizeof histories / sizeof *histories };

/* Returns the next number from 0 to 1 of a generator of its own, so that every machine has the same
 * histories. */
static double roll(uint64_t *seed) {
	*seed = *seed * 6364136223846793005U + 1442695040888963407U;
	return (double)(*seed >> 33) / 2147483648.0;
}

/* Returns the sum of twelve rolls, nearly a normal distribution. */
static double roll_normal(uint64_t *seed) {
	double sum = -6;

	for (int i = 0; i < 12; i++) {
		sum += roll(seed);
	}
	return sum;
}

/* Returns what the shape adds in an hour. `left` and `high` are of the burst that lasts, `steps` of those so
 * far. */
static double added(const struct history *h, double day, uint64_t *seed, int *left, double *high) {
	switch (h->shape) {
	case NOISE:
		return roll_normal(seed) * h->height / 4;
	case WAVE:
		return h->height * sin(TURN * day + h->seed);
	case BURSTS:
		if (*left == 0 && roll(seed) < 1.0 / 60) {
			*left = 2 + (int)(roll(seed) * 8);
			*high = h->height * (1 + roll(seed)) / 2;
		}
		*left -= *left > 0 ? 1 : 0;
		return *left > 0 ? *high : 0;
	case STEPS:
		*high += roll(seed) < 1.0 / 240 ? h->height : 0;
		return *high;
	case DRAIN: /* begins three days before the end of the history */
		return day > h->known - 3 ? -h->height * (day - h->known + 3) : 0;
	case LINEAR:
		break;
	}
	return 0;
}

static void simulate(const struct history *h, double uses[HOURS]) {
	uint64_t seed = h->seed * 2654435761U;
	double high = 0;
	int left = 0;

	for (int i = 0; i < HOURS; i++) {
		double day = i / 24.0;
		double more = added(h, day, &seed, &left, &high);

		uses[i] = fmin(h->size, fmax(0, floor(h->start + h->slope * day + more + 0.5)));
	}
}

/* Sets up the pool as if it had been sampled each hour up to now, and makes its forecast. */
static void store(struct place *p, const struct history *h, const double uses[HOURS], int now) {
	struct buf sql = {0};

	buf_puts(&sql,
	    "truncate berth.sample, berth.forecast; insert into berth.sample"
	    " select (select id from berth.pool), now() - (v.n - 1) * interval '1 hour', true, v.used, ");
	buf_printf(&sql, "%.0f from unnest(array[", h->size);
	for (int i = 0; i <= now; i++) {
		buf_printf(&sql, "%s%.0f", i == 0 ? "" : ",", uses[now - i]);
	}
	buf_printf(&sql,
	    "]::float8[]) with ordinality v (used, n);"
	    "update berth.stripe set last = %.0f, room = %.0f - %.0f, open = true;"
	    "update berth.resource set last = %.0f, state = '%s';"
	    "insert into berth.forecast (pool, since, at, used, capacity, hour_used, hour_capacity, due)"
	    " select pool, min(at), now(), %.0f, %.0f, 0, 0, now() from berth.sample group by pool;"
	    "select berth.make_forecasts(array(select id from berth.pool));",
	    h->size, h->size, uses[now], h->size, h->on_purpose ? "released" : "active", uses[now], h->size);
	database_run(p->database, buf_text(&sql));
	buf_release(&sql);
}

/* Asks for a number of days from now; negative: NULL. */
static double ask(struct place *p, const char *column) {
	char *sql = mem_print(
	    "select coalesce(date_part('epoch', %s - now()) / 86400, -1) from berth.pool_view", column);
	double days = strtod(database_ask(p->database, sql), NULL);

	free(sql);
	return days;
}

/* Returns whether the stated day held, and prints a line of the table. */
static bool judge(struct place *p, const struct history *h, const double uses[HOURS], int now) {
	double day = ask(p, "runs_out"), from = ask(p, "runs_out_from"), by = ask(p, "runs_out_by");
	int full = now + 1;
	double truth;
	bool holds;

	while (full < HOURS && uses[full] < h->size) {
		full++;
	}
	truth = full == HOURS ? INFINITY : (full - now) / 24.0;
	holds = day < 0 ? !h->trend : from <= truth && (by < 0 || truth <= by);
	if (day < 0) {
		print_message("%-7s %4.0f/day %4.0f high %5.1f d known: %s; truth %.1f d\n",
		    shape_names[h->shape], h->slope, h->height, h->known,
		    h->on_purpose ? "being drained" : "no trend", truth);
	} else {
		print_message(
		    "%-7s %4.0f/day %4.0f high %5.1f d known: %.1f d (%.1f to %.1f); truth %.1f d: %s\n",
		    shape_names[h->shape], h->slope, h->height, h->known, day, from, by, truth,
		    holds ? "holds" : "WRONG");
	}
	return holds;
}

static void the_stated_day_holds_or_no_trend_is_said(void **state) {
	struct place *p = *state;
	double *uses = mem_new(HOURS, sizeof *uses);
	size_t wrong = 0;

	client_pool(p->conn, "a", KIND_NUMBER, "1-1000");
	for (size_t i = 0; i < HISTORIES; i++) {
		int now = (int)(histories[i].known * 24);

		simulate(&histories[i], uses);
		store(p, &histories[i], uses, now);
		wrong += judge(p, &histories[i], uses, now) ? 0 : 1;
	}
	free(uses);
	assert_int_equal(wrong, 0);
}

/* Sets the history of a straight line up to now: so many values at its start, so many at its end. */
static void line(struct place *p, double days, double from, double to, double size) {
	struct history h = {LINEAR, from, (to - from) / days, 0, size, days, 0, true};
	double *uses = mem_new(HOURS, sizeof *uses);

	simulate(&h, uses);
	store(p, &h, uses, (int)(days * 24));
	free(uses);
}

static void is(struct place *p, const char *expected) {
	work_asks(p->database,
	    "select concat_ws(' ', runs_out is not null, (trend->>'per_day')::numeric > 0, trend->>'span', "
	    "(trend->>'confidence')::numeric between 0 and 1) from berth.pool_view",
	    expected);
}

static void a_forecast_needs_history_and_a_trend(void **state) {
	struct place *p = *state;

	client_pool(p->conn, "a", KIND_NUMBER, "1-1000");
	is(p, "f");
	line(p, 5.0 / 24, 100, 600, 1000);
	is(p, "f");
	line(p, 7.0 / 24, 100, 600, 1000);
	is(p, "t t 21600 t");
	line(p, 40, 100, 600, 1000);
	is(p, "t t 604800 t");
	line(p, 40, 100, 100, 1000);
	is(p, "f");
	/* It empties: there is a trend, but no end. */
	line(p, 40, 600, 100, 1000);
	is(p, "f f 604800 t");
	/* More than ten years ahead is no forecast. */
	line(p, 40, 100, 600, 1e9);
	is(p, "f t 604800 t");
	/* A short trend says nothing about next week. */
	line(p, 2, 100, 150, 1000);
	is(p, "f t 172800 t");
}

/* A rise that is steeper than any of the last days is told before the pool is full, not after a week. */
static void a_leak_is_told_within_hours(void **state) {
	struct place *p = *state;
	struct history h = {LINEAR, 100, 0, 0, 1000, 20, 0, true};
	double *uses = mem_new(HOURS, sizeof *uses);

	client_pool(p->conn, "a", KIND_NUMBER, "1-1000");
	simulate(&h, uses);
	for (int i = 0; i < 8; i++) {
		uses[20 * 24 - i] = 700 - 80 * i;
	}
	store(p, &h, uses, 20 * 24);
	is(p, "t t 21600 t");
	work_asks(p->database,
	    "select runs_out < now() + interval '5 hours' and runs_out_by is null from berth.pool_view", "t");
	/* The same every day is none. */
	for (int i = 0; i <= 20 * 24; i++) {
		uses[i] = 100 + (i % 24 > 16 ? 80 * (i % 24 - 16) : 0);
	}
	store(p, &h, uses, 20 * 24 - 1);
	is(p, "f");
	free(uses);
}

/* Far from full, a burst of an hour or of half a day says nothing. */
static void a_burst_is_no_trend(void **state) {
	struct place *p = *state;
	struct history h = {LINEAR, 40, 0, 0, 1000, 20, 0, false};
	double *uses = mem_new(HOURS, sizeof *uses);

	client_pool(p->conn, "a", KIND_NUMBER, "1-1000");
	for (int hours = 1; hours <= 12; hours += 3) {
		simulate(&h, uses);
		for (int i = 0; i < hours; i++) {
			uses[20 * 24 - i] = 100;
		}
		store(p, &h, uses, 20 * 24);
		is(p, "f");
	}
	free(uses);
}

static void a_pool_that_is_drained_has_no_forecast(void **state) {
	struct place *p = *state;

	client_pool(p->conn, "a", KIND_NUMBER, "1-1000");
	line(p, 40, 100, 600, 1000);
	is(p, "t t 604800 t");
	work_asks(p->database, "select draining from berth.pool_view", "f");
	database_run(p->database, "update berth.resource set state = 'released'");
	is(p, "f");
	work_asks(p->database, "select draining from berth.pool_view", "t");
}

/* A forecast counts from the present size: a range that is added moves it at once. */
static void a_larger_pool_runs_out_later(void **state) {
	struct place *p = *state;

	client_pool(p->conn, "a", KIND_NUMBER, "1-1000");
	line(p, 40, 100, 900, 1000);
	work_asks(p->database,
	    "select round(date_part('epoch', runs_out - now()) / 86400) from berth.pool_view", "5");
	database_run(p->database, "update berth.stripe set last = 1200, room = room + 200");
	work_asks(p->database,
	    "select round(date_part('epoch', runs_out - now()) / 86400) from berth.pool_view", "15");
	/* Nobody has sampled for two days. */
	database_run(p->database, "update berth.forecast set made = made - interval '2 days'");
	is(p, "f");
}

/* Leaves no value used that nobody holds. */
static int close_place(void **state) {
	struct place *p = *state;

	database_run(p->database,
	    "update berth.resource set state = 'active', last = 1000;"
	    "update berth.stripe set last = 1000, room = 1000, free = '{[1,1001)}', open = true");
	return place_close(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, close_place)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(the_stated_day_holds_or_no_trend_is_said),
	    TEST(a_forecast_needs_history_and_a_trend),
	    TEST(a_leak_is_told_within_hours),
	    TEST(a_burst_is_no_trend),
	    TEST(a_pool_that_is_drained_has_no_forecast),
	    TEST(a_larger_pool_runs_out_later),
	};

	return cmocka_run_group_tests_name("forecast", tests, NULL, NULL);
}
