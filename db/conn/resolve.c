#include "db/conn/conn.h"

#include <poll.h>
#include <stddef.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/batch/batch.h"
#include "gen/queries.h"

enum {
	RESOLVE_TIME = 30000000, /* microseconds to find out an unknown outcome */
	RESOLVE_PAUSE = 50       /* milliseconds between two checks whether the old process has gone */
};

static void wait_and_step(struct conn *c, int64_t deadline) {
	struct pollfd fd = {.fd = conn_fd(c), .events = conn_events(c)};
	int n = poll(&fd, 1, clock_poll(clock_sooner(conn_deadline(c), deadline)));

	conn_step(c, n > 0 ? fd.revents : 0);
}

/* Waits until it is ready. Tries at least once, also when the last try has failed; `patient` continues after
 * failures until the deadline. */
static bool connect_until(struct conn *c, bool patient, int64_t deadline, struct err *err) {
	const struct err *trouble = conn_trouble(c);
	int64_t first_try = conn_deadline(c);

	while (conn_state(c) != CONN_READY) {
		bool failed = conn_state(c) == CONN_DOWN && conn_deadline(c) != first_try;

		if (failed && (!patient || clock_passed(deadline))) {
			return err_copy(err, trouble);
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

/* Finds out whether the server process that ran the batch still runs, and so may commit. */
static bool is_alive(
    struct conn *c, struct server_process process, int64_t deadline, bool *alive, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	bool ok;

	query_backend_alive_add(b, process.pid, process.started);
	ok = submit_and_wait(c, b, deadline, err);
	if (ok) {
		const struct total *total = batch_row(b, 0, 0);
		*alive = total->total > 0;
	}
	batch_free(b);
	return ok;
}

/* A batch without an answer to its commit, and the server that may have it. */
struct doubt {
	struct batch *batch;
	struct server_process process;
	struct server_history history;
	bool alive; /* the process may still commit it */
	bool split; /* servers with diverged histories may have it, or a process hidden by a pooler: then no
		     * refusal counts */
	int64_t limit;
};

enum resolution { RESOLVE_GOES_ON, RESOLVE_DONE, RESOLVE_REFUSED, RESOLVE_UNKNOWN };

/* Returns true when the error is about the batch itself, which shows that the batch was not applied. A server
 * that cannot execute it says nothing about that. */
static bool is_verdict(const struct err *err) {
	switch (err->code) {
	case ERR_READ_ONLY:
	case ERR_SCHEMA_MISMATCH:
	case ERR_NOT_ALLOWED:
	case ERR_UNAVAILABLE:
	case ERR_TIMEOUT:
	case ERR_OUTCOME_UNKNOWN:
		return false;
	case ERR_CONFLICT: /* but not a serialization failure or deadlock */
		return strncmp(err->sqlstate, "40", 2) != 0;
	case ERR_INTERNAL: /* an unreadable answer counts */
		return err->sqlstate[0] == '\0';
	default:
		return true;
	}
}

/* Returns true when the old process has ended, and its transaction with it. */
static bool has_ended(struct conn *c, struct doubt *d, struct err *why) {
	if (d->alive && !is_alive(c, d->process, d->limit, &d->alive, why)) {
		return false;
	}
	if (d->alive) {
		(void)poll(NULL, 0, RESOLVE_PAUSE);
	}
	return !d->alive;
}

/* Sends it again: by its ids it recognizes what was applied, and applies the rest. */
static enum resolution send_again(struct conn *c, struct doubt *d, bool knows, struct err *why) {
	struct server_history here = conn_history(c);
	struct server_process process = conn_process(c);

	if (submit_and_wait(c, d->batch, d->limit, why)) {
		return RESOLVE_DONE;
	}
	if (conn_unconfirmed(c)) {
		return RESOLVE_REFUSED;
	}
	if (why->code == ERR_OUTCOME_UNKNOWN) {
		d->split = d->split || !knows;
		d->history = here;
		d->process = process;
		d->alive = true;
	} else if (is_verdict(why)) {
		return knows ? RESOLVE_REFUSED : RESOLVE_UNKNOWN;
	}
	return RESOLVE_GOES_ON;
}

static enum resolution resolve_once(struct conn *c, struct doubt *d, struct err *why) {
	enum resolution result = RESOLVE_GOES_ON;
	bool knows;

	if (!connect_until(c, true, d->limit, why)) {
		return RESOLVE_GOES_ON;
	}
	knows = !d->split && history_continues(d->history, conn_history(c));
	if (conn_history(c).system != d->history.system) {
		err_set(why, ERR_UNAVAILABLE, "%s is of another cluster", conn_server(c));
	} else if (!knows || has_ended(c, d, why)) {
		result = send_again(c, d, knows, why);
	}
	if (result == RESOLVE_GOES_ON && why->code != ERR_NONE && conn_state(c) == CONN_READY) {
		conn_reconnect(c, why->message);
	}
	return result;
}

static bool tell_unknown(const struct err *why, struct err *err) {
	bool reason = why->message != NULL && why->code != ERR_OUTCOME_UNKNOWN;

	err_set(err, ERR_OUTCOME_UNKNOWN, "the connection was lost while the server was committing%s%s",
	    reason ? "; the server that answers now cannot tell: " : "", reason ? why->message : "");
	return err_hint(err, "repeat the command with the same --id: it is applied at most once");
}

bool conn_resolve(struct conn *c, struct batch *b, int64_t deadline, struct err *err) {
	struct doubt d = {.batch = b,
	    .process = conn_process(c),
	    .history = conn_history(c),
	    .alive = true,
	    .split = !conn_is_direct(c),
	    .limit = clock_sooner(deadline, clock_steady() + RESOLVE_TIME)};
	enum resolution result = RESOLVE_GOES_ON;
	bool needed = conn_require_writable(c, true);
	struct err why = {0};

	while (result == RESOLVE_GOES_ON && !clock_passed(d.limit)) {
		err_release(&why);
		result = resolve_once(c, &d, &why);
	}
	(void)conn_require_writable(c, needed);
	if (result == RESOLVE_REFUSED) {
		return err_move(err, &why);
	}
	if (result != RESOLVE_DONE) {
		tell_unknown(&why, err);
	}
	err_release(&why);
	return result == RESOLVE_DONE;
}

/* Submits; tries another host when the server accepts no changes. */
static bool submit_somewhere(struct conn *c, struct batch *b, int64_t deadline, struct err *err) {
	if (submit_and_wait(c, b, deadline, err)) {
		return true;
	}
	if (err->code != ERR_READ_ONLY || !conn_has_other_hosts(c) || conn_state(c) != CONN_READY) {
		return false;
	}
	conn_reconnect(c, err->message);
	return connect_until(c, false, deadline, err) && submit_and_wait(c, b, deadline, err);
}

bool conn_reach(struct conn *c, int64_t deadline, struct err *err) {
	return connect_until(c, false, deadline, err);
}

bool conn_run(struct conn *c, struct batch *b, int64_t deadline, struct err *err) {
	struct err why = {0};

	if (!connect_until(c, false, deadline, err)) {
		return false;
	}
	if (submit_somewhere(c, b, deadline, &why)) {
		err_release(&why);
		return true;
	}
	if (why.code != ERR_OUTCOME_UNKNOWN || conn_unconfirmed(c)) {
		return err_move(err, &why);
	}
	err_release(&why);
	return conn_resolve(c, b, deadline, err);
}
