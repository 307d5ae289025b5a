#include "ui/console/dialogs/dedupe_runner.h"

#include <stdio.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "ui/console/dialogs/dedupe_plan.h"
#include "ui/console/screens/dedupe_badge.h"

enum { LEAVE_TIME = 5000000 /* microseconds to remove the guard of a failed run */ };

void dedupe_runner_release(struct dedupe_runner *m) {
	conn_free(m->conn);
	batch_free(m->batch);
	*m = (struct dedupe_runner){.options = m->options, .detail = m->detail};
}

static void begin(struct dedupe_runner *m, const struct dedupe_plan *plan) {
	m->conn = conn_new(m->options);
	(void)conn_require_writable(m->conn, true);
	m->walk = plan->undo ? dedupe_undo(plan->id) : dedupe_fix(plan->id, buf_text(&plan->ask), m->detail);
	m->until = 0;
}

static void end(struct dedupe_runner *m, struct dedupe_plan *plan, bool failed) {
	plan->state = DEDUPE_PLAN_ENDED;
	plan->failed = failed;
	if (!id_is_nil(m->walk.run)) {
		plan->id = m->walk.run;
	}
	dedupe_runner_release(m);
}

static void tell_done(const struct dedupe_runner *m, struct dedupe_plan *plan) {
	if (plan->undo) {
		dedupe_undone(plan->rows, &plan->result);
	} else if (id_is_nil(m->walk.run)) {
		buf_printf(&plan->result, "there was nothing to do: %s keeps it unique", m->walk.standing);
	} else {
		buf_puts(&plan->result, "done: the key is unique");
	}
}

static void tell_stopped(const struct dedupe_runner *m, struct dedupe_plan *plan) {
	buf_puts(&plan->result, m->walk.begun && !id_is_nil(m->walk.run)
				    ? "stopped; the same command continues it, and undo reverts it"
				    : "stopped before it began");
}

/* Returns true for an error after which the request is repeated, such as a lost connection. */
static bool again(const struct err *err) {
	return err->code == ERR_OUTCOME_UNKNOWN || err->code == ERR_UNAVAILABLE || err->code == ERR_READ_ONLY;
}

static void show(const struct dedupe_runner *m, struct dedupe_plan *plan) {
	const struct err *trouble = conn_trouble(m->conn);

	(void)snprintf(plan->phase, sizeof plan->phase, "%s", m->walk.phase);
	plan->done = m->walk.done;
	plan->total = m->walk.total;
	plan->blocker = m->walk.blocker;
	buf_cut(&plan->trouble, 0);
	buf_puts(&plan->trouble, trouble->message == NULL ? "" : trouble->message);
}

/* Takes the answer about the guard of a failed run, which is tried for some seconds; false at the end. */
static bool take_left(
    struct dedupe_runner *m, struct dedupe_plan *plan, bool done, int64_t now, struct err *err) {
	bool left = !done || dedupe_has_left(&m->walk, m->batch) || now >= m->leave_until;

	batch_free(m->batch);
	m->batch = NULL;
	m->until = now + m->walk.pause;
	err_release(err);
	if (left) {
		end(m, plan, true);
	}
	return !left;
}

/* Takes the answer to the last step; false at the end of the run. */
static bool take(struct dedupe_runner *m, struct dedupe_plan *plan, int64_t now) {
	struct err err = {0};
	bool done = conn_take(m->conn, &err);
	enum dedupe_walk_state state = DEDUPE_GOES_ON;

	if (m->leaves) {
		return take_left(m, plan, done, now, &err);
	}
	if (done || (!again(&err) && !plan->stop)) {
		state = dedupe_take(&m->walk, m->batch, done, &err);
	}
	batch_free(m->batch);
	m->batch = NULL;
	m->until = now + m->walk.pause;
	if (state == DEDUPE_DONE) {
		tell_done(m, plan);
		end(m, plan, false);
	} else if (state == DEDUPE_FAILED) {
		buf_printf(&plan->result, "%s%s%s", err.message, err.hint == NULL ? "" : "; ",
		    err.hint == NULL ? "" : err.hint);
		m->leaves = dedupe_can_leave(&m->walk, &err);
		m->leave_until = now + LEAVE_TIME;
		if (!m->leaves) {
			end(m, plan, true);
		}
	}
	err_release(&err);
	return state == DEDUPE_GOES_ON || m->leaves;
}

/* Returns whether the run may begin: its first batch needs a session of its own, and without one nothing is
 * sent. */
static bool may_begin(struct dedupe_runner *m, struct dedupe_plan *plan) {
	struct err err = {0};
	bool ok = m->walk.begun || dedupe_refuse_pooler(conn_is_direct(m->conn), &err);

	if (!ok) {
		buf_printf(&plan->result, "%s; %s", err.message, err.hint);
		end(m, plan, true);
	}
	err_release(&err);
	return ok;
}

/* Returns the next batch: a step, or the removal of the guard of a failed run. */
static struct batch *next(struct dedupe_runner *m) {
	return m->leaves ? dedupe_leave(&m->walk) : dedupe_next(&m->walk);
}

static bool stop(struct dedupe_runner *m, struct dedupe_plan *plan) {
	if (m->batch == NULL) {
		tell_stopped(m, plan);
		end(m, plan, false);
		return true;
	}
	if (!m->cancelled) {
		conn_cancel(m->conn);
		m->cancelled = true;
	}
	return false;
}

bool dedupe_runner_step(struct dedupe_runner *m, struct dedupe_plan *plan, int64_t now) {
	if (plan->state != DEDUPE_PLAN_RUNS) {
		return false;
	}
	if (m->conn == NULL) {
		begin(m, plan);
	}
	if (m->batch != NULL && conn_done(m->conn) && !take(m, plan, now)) {
		return true;
	}
	if (plan->stop && stop(m, plan)) {
		return true;
	}
	if (m->batch == NULL && conn_state(m->conn) == CONN_READY && now >= m->until) {
		if (!may_begin(m, plan)) {
			return true;
		}
		m->batch = next(m);
		conn_submit(m->conn, m->batch, TIME_NONE);
	}
	show(m, plan);
	return false;
}

int dedupe_runner_fd(const struct dedupe_runner *m) {
	return m->conn == NULL ? -1 : conn_fd(m->conn);
}

short dedupe_runner_events(const struct dedupe_runner *m) {
	return m->conn == NULL ? 0 : conn_events(m->conn);
}

int64_t dedupe_runner_deadline(const struct dedupe_runner *m) {
	if (m->conn == NULL) {
		return TIME_NONE;
	}
	return m->batch == NULL && conn_state(m->conn) == CONN_READY ? m->until : conn_deadline(m->conn);
}

void dedupe_runner_poll(struct dedupe_runner *m, short revents) {
	if (m->conn != NULL) {
		conn_step(m->conn, revents);
	}
}
