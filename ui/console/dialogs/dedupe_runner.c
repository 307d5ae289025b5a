#include "ui/console/dialogs/dedupe_runner.h"

#include <stdio.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "ui/console/dialogs/dedupe_plan.h"

enum { LEAVE_TIME = 5000000 /* microseconds to take off the guard of a run that has failed */ };

void merger_release(struct merger *m) {
	conn_free(m->conn);
	batch_free(m->batch);
	*m = (struct merger){.options = m->options, .detail = m->detail};
}

static void begin(struct merger *m, const struct merge *merge) {
	m->conn = conn_new(m->options);
	(void)conn_need_changes(m->conn, true);
	m->walk =
	    merge->undo ? dedupe_undo(merge->id) : dedupe_fix(merge->id, buf_text(&merge->ask), m->detail);
	m->until = 0;
}

static void end(struct merger *m, struct merge *merge, bool failed) {
	merge->state = MERGE_ENDED;
	merge->failed = failed;
	if (!id_is_nil(m->walk.run)) {
		merge->id = m->walk.run;
	}
	merger_release(m);
}

static void tell_done(const struct merger *m, struct merge *merge) {
	if (merge->undo) {
		buf_puts(&merge->result, "done: what was taken out is back");
	} else if (id_is_nil(m->walk.run)) {
		buf_printf(&merge->result, "there was nothing to do: %s keeps it unique", m->walk.standing);
	} else {
		buf_puts(&merge->result, "done: the key is unique");
	}
}

static void tell_stopped(const struct merger *m, struct merge *merge) {
	buf_puts(&merge->result, m->walk.begun && !id_is_nil(m->walk.run)
				     ? "stopped; the same words go on with it, and its undo takes it back"
				     : "stopped before it began");
}

/* What a connection that was lost cannot know is asked again. */
static bool again(const struct err *err) {
	return err->code == ERR_OUTCOME_UNKNOWN || err->code == ERR_UNAVAILABLE || err->code == ERR_READ_ONLY;
}

static void show(const struct merger *m, struct merge *merge) {
	const struct err *trouble = conn_trouble(m->conn);

	(void)snprintf(merge->phase, sizeof merge->phase, "%s", m->walk.phase);
	merge->done = m->walk.done;
	merge->total = m->walk.total;
	merge->blocker = m->walk.blocker;
	buf_cut(&merge->trouble, 0);
	buf_puts(&merge->trouble, trouble->message == NULL ? "" : trouble->message);
}

/* Whether the guard of a failed run is off is tried for some seconds; false when that was the end. */
static bool take_left(struct merger *m, struct merge *merge, bool done, int64_t now, struct err *err) {
	bool left = !done || dedupe_has_left(&m->walk, m->batch) || now >= m->leave_until;

	batch_free(m->batch);
	m->batch = NULL;
	m->until = now + m->walk.pause;
	err_release(err);
	if (left) {
		end(m, merge, true);
	}
	return !left;
}

/* The answer to the last step; false when that was the end. */
static bool take(struct merger *m, struct merge *merge, int64_t now) {
	struct err err = {0};
	bool done = conn_take(m->conn, &err);
	enum dedupe_walk_state state = DEDUPE_GOES_ON;

	if (m->leaves) {
		return take_left(m, merge, done, now, &err);
	}
	if (done || (!again(&err) && !merge->stop)) {
		state = dedupe_take(&m->walk, m->batch, done, &err);
	}
	batch_free(m->batch);
	m->batch = NULL;
	m->until = now + m->walk.pause;
	if (state == DEDUPE_DONE) {
		tell_done(m, merge);
		end(m, merge, false);
	} else if (state == DEDUPE_FAILED) {
		buf_printf(&merge->result, "%s%s%s", err.message, err.hint == NULL ? "" : "; ",
		    err.hint == NULL ? "" : err.hint);
		m->leaves = dedupe_can_leave(&m->walk, &err);
		m->leave_until = now + LEAVE_TIME;
		if (!m->leaves) {
			end(m, merge, true);
		}
	}
	err_release(&err);
	return state == DEDUPE_GOES_ON || m->leaves;
}

/* The first batch of a run needs a session of its own; without one nothing is sent. */
static bool may_begin(struct merger *m, struct merge *merge) {
	struct err err = {0};
	bool ok = m->walk.begun || dedupe_refuse_pooler(conn_is_direct(m->conn), &err);

	if (!ok) {
		buf_printf(&merge->result, "%s; %s", err.message, err.hint);
		end(m, merge, true);
	}
	err_release(&err);
	return ok;
}

/* The next batch: a step, or what takes the guard of a failed run off. */
static struct batch *next(struct merger *m) {
	return m->leaves ? dedupe_leave(&m->walk) : dedupe_next(&m->walk);
}

static bool stop(struct merger *m, struct merge *merge) {
	if (m->batch == NULL) {
		tell_stopped(m, merge);
		end(m, merge, false);
		return true;
	}
	if (!m->cancelled) {
		conn_cancel(m->conn);
		m->cancelled = true;
	}
	return false;
}

bool merger_step(struct merger *m, struct merge *merge, int64_t now) {
	if (merge->state != MERGE_RUNS) {
		return false;
	}
	if (m->conn == NULL) {
		begin(m, merge);
	}
	if (m->batch != NULL && conn_done(m->conn) && !take(m, merge, now)) {
		return true;
	}
	if (merge->stop && stop(m, merge)) {
		return true;
	}
	if (m->batch == NULL && conn_state(m->conn) == CONN_READY && now >= m->until) {
		if (!may_begin(m, merge)) {
			return true;
		}
		m->batch = next(m);
		conn_submit(m->conn, m->batch, TIME_NONE);
	}
	show(m, merge);
	return false;
}

int merger_fd(const struct merger *m) {
	return m->conn == NULL ? -1 : conn_fd(m->conn);
}

short merger_events(const struct merger *m) {
	return m->conn == NULL ? 0 : conn_events(m->conn);
}

int64_t merger_deadline(const struct merger *m) {
	if (m->conn == NULL) {
		return TIME_NONE;
	}
	return m->batch == NULL && conn_state(m->conn) == CONN_READY ? m->until : conn_deadline(m->conn);
}

void merger_poll(struct merger *m, short revents) {
	if (m->conn != NULL) {
		conn_step(m->conn, revents);
	}
}
