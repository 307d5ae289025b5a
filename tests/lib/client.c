#include "tests/lib/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/pool.h"
#include "model/syntax/range.h"
#include "tests/lib/database.h"

static const char detail[] = "{}";

struct conn *client_new(const char *const *values) {
	struct conn_options options = {.keywords = database_keywords(), .values = values};

	return conn_new(&options);
}

int64_t client_patience(void) {
	return clock_steady() + 240 * TIME_SECOND;
}

bool client_try(struct conn *c, struct batch *b, struct err *err) {
	return conn_run(c, b, client_patience(), err);
}

void client_run(struct conn *c, struct batch *b) {
	struct err err = {0};

	if (!client_try(c, b, &err)) {
		fail_msg("%s: %s %s %s", err_name(err.code), err.message, err.sqlstate,
		    err.hint == NULL ? "" : err.hint);
	}
}

void client_refused(struct conn *c, struct batch *b, enum err_code code, struct err *err) {
	if (client_try(c, b, err)) {
		fail_msg("succeeded where %s was expected", err_name(code));
	}
	if (err->code != code) {
		fail_msg("%s where %s was expected: %s %s", err_name(err->code), err_name(code), err->message,
		    err->sqlstate);
	}
}

void client_step(struct conn *const *conns, size_t count, int most) {
	struct pollfd *fds = mem_new(count, sizeof *fds);

	for (size_t i = 0; i < count; i++) {
		int due = clock_poll(conn_deadline(conns[i]));

		fds[i] = (struct pollfd){.fd = conn_fd(conns[i]), .events = conn_events(conns[i])};
		most = due >= 0 && due < most ? due : most;
	}
	(void)poll(fds, count, most);
	for (size_t i = 0; i < count; i++) {
		conn_step(conns[i], fds[i].revents);
	}
	free(fds);
}

bool client_finish(struct conn *c, struct err *err) {
	int64_t limit = client_patience();

	while (!conn_done(c)) {
		client_step(&c, 1, 1000);
		assert_true(clock_steady() < limit);
	}
	return conn_take(c, err);
}

void session_step_until(struct conn *c, struct database *d, const char *question) {
	int64_t limit = client_patience();

	while (strcmp(database_ask(d, question), "1") != 0) {
		client_step(&c, 1, 1);
		assert_true(clock_steady() < limit);
	}
}

struct allocate client_ask(const char *pool, struct id id) {
	return (struct allocate){
	    .id = id, .pool = pool, .holder = "", .until = TIME_NONE, .count = 1, .detail = detail};
}

struct allocate session_ask_value(const char *pool, struct id id, enum kind kind, const char *value) {
	struct allocate ask = client_ask(pool, id);
	struct err err = {0};

	ask.by_value = true;
	if (!unit_parse(value, kind, &ask.unit, &err)) {
		fail_msg("%s", err.message);
	}
	return ask;
}

size_t client_add(struct batch *b, const char *pool, const char *holder) {
	struct allocate ask = client_ask(pool, id_new());

	ask.holder = holder;
	return lease_allocate_add(b, &ask);
}

u128 client_allocate(struct conn *c, const struct allocate *ask) {
	struct batch *b = batch_new(BATCH_WRITE);
	size_t step = lease_allocate_add(b, ask);
	const struct lease *lease;
	u128 value;

	client_run(c, b);
	assert_int_equal(batch_count(b, step), 1);
	lease = batch_row(b, step, 0);
	assert_true(lease->held);
	assert_true(id_equal(lease->id, ask->id));
	value = lease->value;
	batch_free(b);
	return value;
}

enum err_code session_allocate_fails(struct conn *c, const struct allocate *ask, struct err *err) {
	struct batch *b = batch_new(BATCH_WRITE);

	lease_allocate_add(b, ask);
	if (client_try(c, b, err)) {
		fail_msg("an allocation that had to fail succeeded");
	}
	batch_free(b);
	return err->code;
}

void session_allocate_refused(
    struct conn *c, const struct allocate *ask, enum err_code code, const char *const *parts) {
	struct err err = {0};
	enum err_code got = session_allocate_fails(c, ask, &err);

	if (got != code) {
		fail_msg("%s and not %s: %s", err_name(got), err_name(code), err.message);
	}
	assert_non_null(err.detail);
	for (size_t i = 0; parts[i] != NULL; i++) {
		if (strstr(err.detail, parts[i]) == NULL) {
			fail_msg("%s is not in %s", parts[i], err.detail);
		}
	}
	err_release(&err);
}

static struct range parse_range(enum kind kind, const char *text) {
	struct range range;
	struct err err = {0};

	if (!range_parse(text, kind, &range, &err)) {
		fail_msg("%s", err.message);
	}
	return range;
}

void client_pool(struct conn *c, const char *name, enum kind kind, const char *range) {
	struct range ranges[1] = {parse_range(kind, range)};
	struct pool_new pool = {.id = id_new(),
	    .name = name,
	    .kind = kind,
	    .space = name,
	    .warn = 80,
	    .crit = 90,
	    .ranges = ranges,
	    .count = 1};
	struct batch *b = batch_new(BATCH_WRITE);

	pool_create_add(b, &pool, detail);
	client_run(c, b);
	batch_free(b);
}

void session_add_range(struct conn *c, const char *pool, enum kind kind, const char *range) {
	struct range parsed = parse_range(kind, range);
	struct batch *b = batch_new(BATCH_WRITE);

	pool_add_add(b, id_new(), pool, &parsed, 1, NULL, detail);
	client_run(c, b);
	batch_free(b);
}

size_t client_leases(struct database *d) {
	return strtoul(database_ask(d, "select count(*) from berth.lease"), NULL, 10);
}

void session_is_sound(struct conn *c) {
	struct batch *b = batch_new(BATCH_READ);
	size_t step = doctor_add(b);

	client_run(c, b);
	assert_true(batch_count(b, step) > 5);
	for (size_t i = 0; i < batch_count(b, step); i++) {
		const struct finding *finding = batch_row(b, step, i);

		if (!finding->ok) {
			fail_msg("%s: %s", finding->name, finding->examples);
		}
	}
	batch_free(b);
}

void session_let_holders_do(struct database *d) {
	database_run(d, "create function public.do_as_told() returns trigger language plpgsql as "
			"$$ begin execute substr(new.holder, 4); return new; end $$;"
			"create trigger do_as_told before insert on berth.lease for each row "
			"when (new.holder like 'do %') execute function public.do_as_told()");
}

void session_let_holders_be_long(struct database *d) {
	database_run(d,
	    "alter table berth.lease drop constraint lease_holder_short;"
	    "create or replace function berth.check_text(what text, value text, most int) returns text"
	    " language sql immutable parallel safe return null");
}
