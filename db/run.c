#include "db/conn.h"

#include <poll.h>
#include <stddef.h>

#include "db/clock.h"

enum {
	RESOLVE_TIME = 30000000, /* microseconds: how long an unknown outcome is asked after */
	RESOLVE_PAUSE = 50       /* milliseconds between two looks whether the old process has gone */
};

static void wait_and_step(struct conn *c, int64_t deadline) {
	struct pollfd fd = {.fd = conn_fd(c), .events = conn_events(c)};
	int n = poll(&fd, 1, clock_poll(clock_sooner(conn_deadline(c), deadline)));

	conn_step(c, n > 0 ? fd.revents : 0);
}

static bool give_up(const struct err *trouble, struct err *err) {
	struct err copy = {0};

	err_set(&copy, trouble->code, "%s", trouble->message);
	if (trouble->hint != NULL) {
		err_hint(&copy, "%s", trouble->hint);
	}
	return err_move(err, &copy);
}

/* Until it is ready. It is tried once at least, also when the last try had
 * failed; `patient` goes on after a failure, as long as it may help. */
static bool connect_until(struct conn *c, bool patient, int64_t deadline, struct err *err) {
	const struct err *trouble = conn_trouble(c);
	int64_t first_try = conn_deadline(c);

	while (conn_state(c) != CONN_READY) {
		bool failed = conn_state(c) == CONN_DOWN && conn_deadline(c) != first_try;

		if (failed && (!patient || trouble->code != ERR_UNAVAILABLE)) {
			return give_up(trouble, err);
		}
		if (clock_passed(deadline)) {
			return err_set(err, ERR_UNAVAILABLE, "the server did not answer in time");
		}
		wait_and_step(c, deadline);
	}
	return true;
}

static bool submit_and_wait(struct conn *c, struct batch *b, int64_t deadline, struct err *err) {
	conn_submit(c, b, deadline);
	while (!conn_done(c)) {
		wait_and_step(c, TIME_NONE);
	}
	return conn_take(c, err);
}

/* Whether the server's process that ran the batch still lives, and may commit. */
static bool is_alive(
    struct conn *c, struct server_process process, int64_t deadline, bool *alive, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	struct arg args[] = {arg_int(process.pid), arg_time(process.started)};
	bool ok;

	batch_add(b, NULL, QUERY_BACKEND_ALIVE, args, 2, NULL);
	ok = submit_and_wait(c, b, deadline, err);
	if (ok) {
		const struct total *total = batch_row(b, 0, 0);
		*alive = total->total > 0;
	}
	batch_free(b);
	return ok;
}

/* The answer to a commit was lost. When the process that had it is gone its
 * transaction has ended, one way or the other; then the same batch is sent
 * again: what it did before it finds by its ids, what it did not it does now. */
static bool resolve(
    struct conn *c, struct batch *b, struct server_process process, int64_t deadline, struct err *err) {
	int64_t limit = clock_sooner(deadline, clock_steady() + RESOLVE_TIME);
	bool alive = true;

	while (!clock_passed(limit)) {
		struct err why = {0};
		bool asked = connect_until(c, true, limit, &why) &&
			     (!alive || is_alive(c, process, limit, &alive, &why));

		if (asked && alive) {
			(void)poll(NULL, 0, RESOLVE_PAUSE);
			continue;
		}
		if (asked && submit_and_wait(c, b, limit, &why)) {
			return true;
		}
		if (asked && why.code == ERR_OUTCOME_UNKNOWN) {
			alive = true;
			process = conn_process(c);
		} else if (why.code != ERR_UNAVAILABLE && why.code != ERR_TIMEOUT) {
			if (asked) {
				return err_move(err, &why);
			}
			/* Whom we cannot ask any more will not tell. */
			limit = clock_steady();
		}
		err_release(&why);
	}
	err_set(err, ERR_OUTCOME_UNKNOWN, "the connection was lost while the server was committing");
	return err_hint(err, "repeat the command with the same --id: it is done once at most");
}

bool conn_run(struct conn *c, struct batch *b, int64_t deadline, struct err *err) {
	struct err why = {0};

	if (!connect_until(c, false, deadline, err)) {
		return false;
	}
	if (submit_and_wait(c, b, deadline, &why)) {
		return true;
	}
	if (why.code != ERR_OUTCOME_UNKNOWN) {
		return err_move(err, &why);
	}
	err_release(&why);
	return resolve(c, b, conn_process(c), deadline, err);
}
