#include "ui/cli/dedupe_run.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/dedupe.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/patience.h"
#include "ui/cli/run.h"

enum {
	LOOK_EVERY = 500000, /* microseconds before the first look for blockers, and between two */
	LEAVE_TIME = 5000000 /* microseconds to remove the guard of a failed run */
};

struct watch {
	struct run *run;
	struct conn *conn; /* NULL until something takes long */
	struct batch *look;
	int64_t next;
	int64_t *named; /* server processes that were printed */
	size_t count;
};

static void name_blocker(struct watch *watch, int64_t pid) {
	for (size_t i = 0; i < watch->count; i++) {
		if (watch->named[i] == pid) {
			return;
		}
	}
	watch->named = mem_grow(watch->named, watch->count + 1, sizeof *watch->named);
	watch->named[watch->count++] = pid;
	run_note(watch->run,
	    "waiting for server process %" PRId64 ", which has an older transaction or one on the table",
	    pid);
}

static void watch_release(struct watch *watch) {
	batch_free(watch->look);
	conn_free(watch->conn);
	free(watch->named);
}

/* Takes the answer of the last look, if it has come. */
static void take_look(struct watch *watch) {
	struct err ignored = {0};

	if (watch->look == NULL || !conn_done(watch->conn)) {
		return;
	}
	if (conn_take(watch->conn, &ignored)) {
		for (size_t i = 0; i < batch_count(watch->look, 0); i++) {
			const struct dedupe_blocker *blocker = batch_row(watch->look, 0, i);

			name_blocker(watch, blocker->pid);
		}
	}
	err_release(&ignored);
	batch_free(watch->look);
	watch->look = NULL;
}

/* Looks from time to time for what blocks the server process of the first connection. */
static void look(struct watch *watch, int64_t pid) {
	if (!clock_passed(watch->next)) {
		return;
	}
	if (watch->conn == NULL) {
		watch->conn = conn_new(watch->run->options);
	}
	if (conn_state(watch->conn) == CONN_READY && watch->look == NULL && !conn_done(watch->conn)) {
		watch->look = batch_new(BATCH_READ);
		dedupe_blockers_add(watch->look, pid);
		conn_submit(watch->conn, watch->look, TIME_NONE);
		watch->next = clock_steady() + LOOK_EVERY;
	}
}

/* Waits until either connection has something to do, and steps both. */
static void step_both(struct watch *watch, struct conn *c) {
	struct pollfd fds[2] = {{.fd = conn_fd(c), .events = conn_events(c)}, {.fd = -1}};
	int64_t until = clock_sooner(conn_deadline(c), watch->conn == NULL ? watch->next : TIME_NONE);

	if (watch->conn != NULL) {
		fds[1] = (struct pollfd){.fd = conn_fd(watch->conn), .events = conn_events(watch->conn)};
		until = clock_sooner(until, conn_deadline(watch->conn));
		if (!clock_passed(watch->next)) {
			until = clock_sooner(until, watch->next);
		}
	}
	if (poll(fds, 2, clock_poll(until)) < 0) {
		fds[0].revents = fds[1].revents = 0;
	}
	conn_step(c, fds[0].revents);
	if (watch->conn != NULL) {
		conn_step(watch->conn, fds[1].revents);
		take_look(watch);
	}
}

/* Sends a batch. After a lost connection it is sent again: the catalog shows what the statement has done. */
static bool send_once(struct watch *watch, struct batch *b, struct err *err) {
	struct run *run = watch->run;
	struct conn *c = run->conn;
	struct err why = {0};

	if (conn_state(c) != CONN_READY) {
		return conn_run(c, b, run->deadline, err);
	}
	watch->next = clock_steady() + LOOK_EVERY;
	conn_submit(c, b, run->deadline);
	while (!conn_done(c)) {
		look(watch, conn_process(c).pid);
		step_both(watch, c);
	}
	if (conn_take(c, &why)) {
		return true;
	}
	if (why.code != ERR_OUTCOME_UNKNOWN || conn_unconfirmed(c)) {
		return err_move(err, &why);
	}
	err_release(&why);
	return conn_resolve(c, b, run->deadline, err);
}

/* Sends a batch, and again while the server is unavailable, once the run has begun. */
static bool send_and_watch(
    struct watch *watch, const struct dedupe_walk *w, struct batch *b, struct err *err) {
	struct patience patience;

	if (!w->begun) {
		return send_once(watch, b, err);
	}
	patience = patience_new(watch->run);
	while (!send_once(watch, b, err)) {
		if (!patience_should_retry(&patience, err)) {
			return false;
		}
	}
	return true;
}

/* Pauses as the walk demands. False when the run's deadline has passed. */
static bool pause_or_time_out(struct watch *watch, const struct dedupe_walk *w, struct err *err) {
	if (w->blocker != 0) {
		name_blocker(watch, w->blocker);
	}
	if (w->pause > 0) {
		int64_t end = clock_sooner(clock_steady() + w->pause, watch->run->deadline);

		while (!clock_passed(end)) {
			(void)poll(NULL, 0, clock_poll(end));
		}
	}
	return !clock_passed(watch->run->deadline) || err_set(err, ERR_TIMEOUT, "timed out");
}

/* Adds to the error how the run can be continued or undone. */
static void explain(const struct run *run, const struct dedupe_walk *w, struct err *err) {
	char id[ID_TEXT];

	if (err->code == ERR_TIMEOUT && clock_passed(run->deadline)) {
		err_set(err, ERR_TIMEOUT, "table %s: timed out after --timeout %s%s%s",
		    w->begun ? w->table : "?", opt(run->args, OPT_TIMEOUT),
		    w->phase[0] == '\0' ? "" : ", in phase ", w->phase);
	}
	if (w->begun && !id_is_nil(w->run) && err->hint == NULL) {
		err_hint(err, "repeat the command to continue run %s; berth dedupe undo %s undoes it",
		    id_text(w->run, id), id);
	}
	if (w->begun && !id_is_nil(w->run) && err->detail == NULL) {
		err->detail = mem_print("{\"run\":\"%s\"}", id_text(w->run, id));
	}
}

/* Refuses a pooler: connects to find out. */
static bool is_direct(struct run *run, struct err *err) {
	struct batch *b = dedupe_greeting();
	bool ok = run_batch(run, b, err) && dedupe_refuse_pooler(conn_is_direct(run->conn), err);

	batch_free(b);
	return ok;
}

/* Tries for some seconds to remove the guard of a failed run. */
static void remove_guard(struct watch *watch, struct dedupe_walk *w, const struct err *failure) {
	int64_t end = clock_sooner(clock_steady() + LEAVE_TIME, watch->run->deadline);
	bool left = !dedupe_can_leave(w, failure);
	struct err ignored = {0};

	while (!left && pause_or_time_out(watch, w, &ignored)) {
		struct batch *b = dedupe_leave(w);

		left = !conn_run(watch->run->conn, b, end, &ignored) || dedupe_has_left(w, b) ||
		       clock_passed(end);
		batch_free(b);
	}
	err_release(&ignored);
}

bool dedupe_run_drive(struct run *run, struct dedupe_walk *w, struct err *err) {
	struct watch watch = {.run = run};
	enum dedupe_walk_state state = DEDUPE_GOES_ON;

	if (!is_direct(run, err)) {
		return false;
	}
	while (state == DEDUPE_GOES_ON) {
		if (!pause_or_time_out(&watch, w, err)) {
			state = DEDUPE_FAILED;
			break;
		}
		struct batch *b = dedupe_next(w);
		bool done = send_and_watch(&watch, w, b, err);

		state = dedupe_take(w, b, done, err);
		batch_free(b);
	}
	if (state == DEDUPE_FAILED) {
		remove_guard(&watch, w, err);
		explain(run, w, err);
	}
	watch_release(&watch);
	return state == DEDUPE_DONE;
}
